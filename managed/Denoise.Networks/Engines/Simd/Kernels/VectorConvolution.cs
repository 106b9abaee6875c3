using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Convolution of vector features x with the harmonics of the edges' directions e, summed over a batch of edges. The paths of
/// odd l1 + l2 + l3 (cross products) are there without true parities only.
/// <code>
/// Run             first  (1,0,1):  w x
///                 second (1,1,0):  w (e.x)
///                 third  (1,2,1):  w (e (e.x) - x/3)
///                 fourth (1,1,1):  w (e x x)             with TOdd
///                 or     (1,1,2):  w S(e, x)             with TRank2
/// ToRank2WithOdd  first  (1,1,2):  w S(e, x)
///                 second (1,2,2):  w S(e, e x x)
/// </code>
/// S as in <see cref="Sums"/>; the factors of the tensor product (<see cref="Layout.CouplingFactors"/>) are in the weights.
/// </summary>
internal static unsafe class VectorConvolution
{
    public static void Run<L, S, V, TOdd, TRank2>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
        where TRank2 : struct, IFlag
    {
        V ax = S.Zero, ay = S.Zero, az = S.Zero;
        V scalar = S.Zero;
        V bx = S.Zero, by = S.Zero, bz = S.Zero;
        V cx = S.Zero, cy = S.Zero, cz = S.Zero;
        V xx = S.Zero, yy = S.Zero, zz = S.Zero, xz = S.Zero, xy = S.Zero, yz = S.Zero;
        V third = S.Create(1 / 3f);
        nint input = pass->Input, next = pass->InputStride;
        float** rows = edges->Rows;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups, rows += L.Groups)
        {
            weights.Move();
            V x = L.Gather(rows, input);
            V y = L.Gather(rows, input + next);
            V z = L.Gather(rows, input + 2 * next);
            V ex = L.Spread(direction);
            V ey = L.Spread(direction + EdgeBatch.Next);
            V ez = L.Spread(direction + 2 * EdgeBatch.Next);

            weights.Of(0, out V weight, out V other);
            ax = S.MultiplyAdd(weight, x, ax);
            ay = S.MultiplyAdd(weight, y, ay);
            az = S.MultiplyAdd(weight, z, az);

            V along = S.MultiplyAdd(ex, x, S.MultiplyAdd(ey, y, S.Multiply(ez, z)));
            scalar = S.MultiplyAdd(other, along, scalar);

            weights.Of(2, out weight, out other);
            along = S.Multiply(weight, along);
            weight = S.Multiply(weight, third);
            bx = S.NegateMultiplyAdd(weight, x, bx);
            bx = S.MultiplyAdd(along, ex, bx);
            by = S.NegateMultiplyAdd(weight, y, by);
            by = S.MultiplyAdd(along, ey, by);
            bz = S.NegateMultiplyAdd(weight, z, bz);
            bz = S.MultiplyAdd(along, ez, bz);

            if (TOdd.Value)
            {
                V wx = S.Multiply(other, ex), wy = S.Multiply(other, ey), wz = S.Multiply(other, ez);
                cx = S.NegateMultiplyAdd(wz, y, cx);
                cx = S.MultiplyAdd(wy, z, cx);
                cy = S.NegateMultiplyAdd(wx, z, cy);
                cy = S.MultiplyAdd(wz, x, cy);
                cz = S.NegateMultiplyAdd(wy, x, cz);
                cz = S.MultiplyAdd(wx, y, cz);
            }

            if (TRank2.Value)
            {
                V vx = S.Multiply(other, x), vy = S.Multiply(other, y), vz = S.Multiply(other, z);
                xx = S.MultiplyAdd(ex, vx, xx);
                yy = S.MultiplyAdd(ey, vy, yy);
                zz = S.MultiplyAdd(ez, vz, zz);
                xz = S.MultiplyAdd(ez, vx, xz);
                xz = S.MultiplyAdd(ex, vz, xz);
                xy = S.MultiplyAdd(ey, vx, xy);
                xy = S.MultiplyAdd(ex, vy, xy);
                yz = S.MultiplyAdd(ez, vy, yz);
                yz = S.MultiplyAdd(ey, vz, yz);
            }
        }

        Sums.AddVector<L, V>(aggregate, ref pass->First, ax, ay, az);
        L.AddSum(aggregate + pass->Second.Output, scalar);
        Sums.AddVector<L, V>(aggregate, ref pass->Third, bx, by, bz);
        if (TOdd.Value)
            Sums.AddVector<L, V>(aggregate, ref pass->Fourth, cx, cy, cz);
        if (TRank2.Value)
            Sums.AddSymmetric<L, S, V>(aggregate, ref pass->Fourth, xx, yy, zz, xz, xy, yz);
    }

    public static void ToRank2WithOdd<L, S, V>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        V axx = S.Zero, ayy = S.Zero, azz = S.Zero, axz = S.Zero, axy = S.Zero, ayz = S.Zero;
        V bxx = S.Zero, byy = S.Zero, bzz = S.Zero, bxz = S.Zero, bxy = S.Zero, byz = S.Zero;
        nint input = pass->Input, next = pass->InputStride;
        float** rows = edges->Rows;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups, rows += L.Groups)
        {
            weights.Move();
            V x = L.Gather(rows, input);
            V y = L.Gather(rows, input + next);
            V z = L.Gather(rows, input + 2 * next);
            V ex = L.Spread(direction);
            V ey = L.Spread(direction + EdgeBatch.Next);
            V ez = L.Spread(direction + 2 * EdgeBatch.Next);

            weights.Of(0, out V weight, out V other);
            V vx = S.Multiply(weight, x), vy = S.Multiply(weight, y), vz = S.Multiply(weight, z);
            axx = S.MultiplyAdd(ex, vx, axx);
            ayy = S.MultiplyAdd(ey, vy, ayy);
            azz = S.MultiplyAdd(ez, vz, azz);
            axz = S.MultiplyAdd(ez, vx, axz);
            axz = S.MultiplyAdd(ex, vz, axz);
            axy = S.MultiplyAdd(ey, vx, axy);
            axy = S.MultiplyAdd(ex, vy, axy);
            ayz = S.MultiplyAdd(ez, vy, ayz);
            ayz = S.MultiplyAdd(ey, vz, ayz);

            V wx = S.Multiply(other, ex), wy = S.Multiply(other, ey), wz = S.Multiply(other, ez);
            vx = S.NegateMultiplyAdd(wz, y, S.Multiply(wy, z));
            vy = S.NegateMultiplyAdd(wx, z, S.Multiply(wz, x));
            vz = S.NegateMultiplyAdd(wy, x, S.Multiply(wx, y));
            bxx = S.MultiplyAdd(ex, vx, bxx);
            byy = S.MultiplyAdd(ey, vy, byy);
            bzz = S.MultiplyAdd(ez, vz, bzz);
            bxz = S.MultiplyAdd(ez, vx, bxz);
            bxz = S.MultiplyAdd(ex, vz, bxz);
            bxy = S.MultiplyAdd(ey, vx, bxy);
            bxy = S.MultiplyAdd(ex, vy, bxy);
            byz = S.MultiplyAdd(ez, vy, byz);
            byz = S.MultiplyAdd(ey, vz, byz);
        }

        Sums.AddSymmetric<L, S, V>(aggregate, ref pass->First, axx, ayy, azz, axz, axy, ayz);
        Sums.AddSymmetric<L, S, V>(aggregate, ref pass->Second, bxx, byy, bzz, bxz, bxy, byz);
    }
}
