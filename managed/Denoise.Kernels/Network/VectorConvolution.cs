using Denoise.Devices.Arguments;
using Denoise.Kernels.Numbers;
using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>
/// Convolution of vector features x with the harmonics of the edges' directions e, summed over an atom's edges in their order. One
/// thread per atom and channel.
/// <code>
/// 0 (1,0,1):  w x
/// 1 (1,1,0):  w (e.x)
/// 2 (1,2,1):  w (e (e.x) - x/3)
/// 3 (1,1,1):  w (e x x)             with TOdd: l1 + l2 + l3 is odd
/// 4 (1,1,2):  w S(e, x)             with TRank2
/// 5 (1,2,2):  w S(e, e x x)         with both
/// </code>
/// </summary>
public static class VectorConvolution
{
    public static void Run<TOdd, TRank2>(ConvolutionArguments s, ArrayView<Float4> edges, ArrayView<int> sources, ArrayView<int> counts,
        ArrayView<float> rows, ArrayView<Float2> table, ArrayView<float> sums)
        where TOdd : struct, IFlag
        where TRank2 : struct, IFlag
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        int atom = thread / s.Channels, channel = thread - atom * s.Channels;
        if (atom >= s.Atoms)
            return;
        float ax = 0, ay = 0, az = 0, scalar = 0, bx = 0, by = 0, bz = 0, cx = 0, cy = 0, cz = 0;
        float dxx = 0, dyy = 0, dzz = 0, dxz = 0, dxy = 0, dyz = 0, fxx = 0, fyy = 0, fzz = 0, fxz = 0, fxy = 0, fyz = 0;
        int count = counts[atom], column = s.TableOffset + channel * 3;
        long first = (long)atom * s.EdgeStride;
        for (int e = 0; e < count; e++)
        {
            Float4 edge = edges[first + e];
            long place = (long)sources[first + e] * s.RowLength + (s.Input + channel);
            float x = rows[place], y = rows[place + s.InputStride], z = rows[place + 2 * s.InputStride];
            float ex = edge.X, ey = edge.Y, ez = edge.Z;
            RadialWeights weights = RadialWeights.Of(s, edge.W, column);
            Float2 w = weights.Pair(table, 0), v = weights.Pair(table, 1);
            ax += w.X * x;
            ay += w.X * y;
            az += w.X * z;
            float along = ex * x + ey * y + ez * z;
            scalar += w.Y * along;
            float third = v.X * (-1 / 3f), m = v.X * along;
            bx += third * x;
            bx += m * ex;
            by += third * y;
            by += m * ey;
            bz += third * z;
            bz += m * ez;
            float ox = ey * z - ez * y, oy = ez * x - ex * z, oz = ex * y - ey * x;
            if (TOdd.Value)
            {
                cx += v.Y * ox;
                cy += v.Y * oy;
                cz += v.Y * oz;
            }

            if (TRank2.Value)
            {
                Float2 q = weights.Pair(table, 2);
                float ux = q.X * ex, uy = q.X * ey, uz = q.X * ez;
                dxx += ux * x;
                dyy += uy * y;
                dzz += uz * z;
                dxz += uz * x;
                dxz += ux * z;
                dxy += uy * x;
                dxy += ux * y;
                dyz += uz * y;
                dyz += uy * z;
                if (TOdd.Value)
                {
                    ux = q.Y * ex;
                    uy = q.Y * ey;
                    uz = q.Y * ez;
                    fxx += ux * ox;
                    fyy += uy * oy;
                    fzz += uz * oz;
                    fxz += uz * ox;
                    fxz += ux * oz;
                    fxy += uy * ox;
                    fxy += ux * oy;
                    fyz += uz * oy;
                    fyz += uy * oz;
                }
            }
        }

        long row = (long)atom * s.SumLength + channel;
        SumRow.StoreVector(sums, row + s.Output0, s.Stride0, ax, ay, az);
        sums[row + s.Output1] = scalar;
        SumRow.StoreVector(sums, row + s.Output2, s.Stride2, bx, by, bz);
        if (TOdd.Value)
            SumRow.StoreVector(sums, row + s.Output3, s.Stride3, cx, cy, cz);
        if (TRank2.Value)
            SumRow.StoreSymmetric(sums, row + s.Output4, s.Stride4, dxx, dyy, dzz, dxz, dxy, dyz);
        if (TRank2.Value && TOdd.Value)
            SumRow.StoreSymmetric(sums, row + s.Output5, s.Stride5, fxx, fyy, fzz, fxz, fxy, fyz);
    }
}
