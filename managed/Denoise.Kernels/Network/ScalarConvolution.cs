using Denoise.Devices.Arguments;
using Denoise.Kernels.Numbers;
using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>
/// Convolution of scalar features x with the harmonics of the edges' directions e, summed over an atom's edges in their order. One
/// thread per atom and channel: what it sums stays in its registers.
/// <code>
/// 0 (0,0,0):  w x
/// 1 (0,1,1):  w x e
/// 2 (0,2,2):  w x S(e, e)      with TRank2
/// </code>
/// The factors of the tensor product are in the radial table; S is the symmetric traceless product.
/// </summary>
public static class ScalarConvolution
{
    public static void Run<TRank2>(ConvolutionArguments s, ArrayView<Float4> edges, ArrayView<int> sources, ArrayView<int> counts,
        ArrayView<float> rows, ArrayView<Float2> table, ArrayView<float> sums)
        where TRank2 : struct, IFlag
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        int atom = thread / s.Channels, channel = thread - atom * s.Channels;
        if (atom >= s.Atoms)
            return;
        float scalar = 0, vx = 0, vy = 0, vz = 0;
        float xx = 0, yy = 0, zz = 0, xz = 0, xy = 0, yz = 0;
        int count = counts[atom], column = s.TableOffset + channel * 2;
        long first = (long)atom * s.EdgeStride;
        for (int e = 0; e < count; e++)
        {
            Float4 edge = edges[first + e];
            float x = rows[(long)sources[first + e] * s.RowLength + (s.Input + channel)];
            RadialWeights weights = RadialWeights.Of(s, edge.W, column);
            Float2 w = weights.Pair(table, 0);
            scalar += w.X * x;
            float m = w.Y * x;
            vx += m * edge.X;
            vy += m * edge.Y;
            vz += m * edge.Z;
            if (TRank2.Value)
            {
                m = weights.Pair(table, 1).X * x;
                float mx = m * edge.X, my = m * edge.Y, mz = m * edge.Z;
                xx += mx * edge.X;
                yy += my * edge.Y;
                zz += mz * edge.Z;
                xz += mx * edge.Z;
                xy += mx * edge.Y;
                yz += my * edge.Z;
            }
        }

        long row = (long)atom * s.SumLength + channel;
        sums[row + s.Output0] = scalar;
        SumRow.StoreVector(sums, row + s.Output1, s.Stride1, vx, vy, vz);
        if (TRank2.Value)
            SumRow.StoreSymmetric(sums, row + s.Output2, s.Stride2, xx, yy, zz, xz + xz, xy + xy, yz + yz);
    }
}
