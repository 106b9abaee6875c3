using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Convolution of vector features x with the harmonics of the edges' directions e, summed over a batch of edges. The paths of
/// odd l1 + l2 + l3 (cross products) are optional: networks with true parities have none of them.
/// <code>
/// ToLow    first  (1,0,1):  w x
///          second (1,1,0):  w (e.x)
///          third  (1,2,1):  w (e (e.x) - x/3)
///          fourth (1,1,1):  w (e x x)             optional
/// ToRank2  first  (1,1,2):  w S(e, x)
///          second (1,2,2):  w S(e, e x x)         optional
/// </code>
/// S as in <see cref="Sums"/>; the factors of the tensor product (<see cref="Layout.CouplingFactors"/>) are in the weights.
/// </summary>
internal static unsafe class VectorConvolution
{
    public static void ToLow<L, S, V, TOdd>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
    {
        V ax = S.Zero, ay = S.Zero, az = S.Zero;
        V scalar = S.Zero;
        V bx = S.Zero, by = S.Zero, bz = S.Zero;
        V cx = S.Zero, cy = S.Zero, cz = S.Zero;
        V third = S.Create(1 / 3f);
        nint stride = edges->WeightStride;
        for (int n = 0; n < edges->Count; n += L.Groups)
        {
            float* weights = edges->Weights + n * stride;
            V x = L.Gather(edges->Rows + n, pass->Input);
            V y = L.Gather(edges->Rows + n, pass->Input + pass->InputStride);
            V z = L.Gather(edges->Rows + n, pass->Input + 2 * pass->InputStride);
            V ex = L.Spread(edges->X + n), ey = L.Spread(edges->Y + n), ez = L.Spread(edges->Z + n);

            V weight = L.Load(weights + pass->First.Weight, stride);
            ax = S.MultiplyAdd(weight, x, ax);
            ay = S.MultiplyAdd(weight, y, ay);
            az = S.MultiplyAdd(weight, z, az);

            V along = S.MultiplyAdd(ex, x, S.MultiplyAdd(ey, y, S.Multiply(ez, z)));
            scalar = S.MultiplyAdd(L.Load(weights + pass->Second.Weight, stride), along, scalar);

            weight = L.Load(weights + pass->Third.Weight, stride);
            along = S.Multiply(weight, along);
            weight = S.Multiply(weight, third);
            bx = S.MultiplyAdd(along, ex, S.NegateMultiplyAdd(weight, x, bx));
            by = S.MultiplyAdd(along, ey, S.NegateMultiplyAdd(weight, y, by));
            bz = S.MultiplyAdd(along, ez, S.NegateMultiplyAdd(weight, z, bz));

            if (TOdd.Value)
            {
                weight = L.Load(weights + pass->Fourth.Weight, stride);
                V wx = S.Multiply(weight, ex), wy = S.Multiply(weight, ey), wz = S.Multiply(weight, ez);
                cx = S.MultiplyAdd(wy, z, S.NegateMultiplyAdd(wz, y, cx));
                cy = S.MultiplyAdd(wz, x, S.NegateMultiplyAdd(wx, z, cy));
                cz = S.MultiplyAdd(wx, y, S.NegateMultiplyAdd(wy, x, cz));
            }
        }

        Sums.AddVector<L, V>(aggregate, ref pass->First, ax, ay, az);
        L.AddSum(aggregate + pass->Second.Output, scalar);
        Sums.AddVector<L, V>(aggregate, ref pass->Third, bx, by, bz);
        if (TOdd.Value)
            Sums.AddVector<L, V>(aggregate, ref pass->Fourth, cx, cy, cz);
    }

    public static void ToRank2<L, S, V, TOdd>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
    {
        V axx = S.Zero, ayy = S.Zero, azz = S.Zero, axz = S.Zero, axy = S.Zero, ayz = S.Zero;
        V bxx = S.Zero, byy = S.Zero, bzz = S.Zero, bxz = S.Zero, bxy = S.Zero, byz = S.Zero;
        nint stride = edges->WeightStride;
        for (int n = 0; n < edges->Count; n += L.Groups)
        {
            float* weights = edges->Weights + n * stride;
            V x = L.Gather(edges->Rows + n, pass->Input);
            V y = L.Gather(edges->Rows + n, pass->Input + pass->InputStride);
            V z = L.Gather(edges->Rows + n, pass->Input + 2 * pass->InputStride);
            V ex = L.Spread(edges->X + n), ey = L.Spread(edges->Y + n), ez = L.Spread(edges->Z + n);

            V weight = L.Load(weights + pass->First.Weight, stride);
            V vx = S.Multiply(weight, x), vy = S.Multiply(weight, y), vz = S.Multiply(weight, z);
            axx = S.MultiplyAdd(ex, vx, axx);
            ayy = S.MultiplyAdd(ey, vy, ayy);
            azz = S.MultiplyAdd(ez, vz, azz);
            axz = S.MultiplyAdd(ex, vz, S.MultiplyAdd(ez, vx, axz));
            axy = S.MultiplyAdd(ex, vy, S.MultiplyAdd(ey, vx, axy));
            ayz = S.MultiplyAdd(ey, vz, S.MultiplyAdd(ez, vy, ayz));

            if (TOdd.Value)
            {
                weight = L.Load(weights + pass->Second.Weight, stride);
                V wx = S.Multiply(weight, ex), wy = S.Multiply(weight, ey), wz = S.Multiply(weight, ez);
                vx = S.NegateMultiplyAdd(wz, y, S.Multiply(wy, z));
                vy = S.NegateMultiplyAdd(wx, z, S.Multiply(wz, x));
                vz = S.NegateMultiplyAdd(wy, x, S.Multiply(wx, y));
                bxx = S.MultiplyAdd(ex, vx, bxx);
                byy = S.MultiplyAdd(ey, vy, byy);
                bzz = S.MultiplyAdd(ez, vz, bzz);
                bxz = S.MultiplyAdd(ex, vz, S.MultiplyAdd(ez, vx, bxz));
                bxy = S.MultiplyAdd(ex, vy, S.MultiplyAdd(ey, vx, bxy));
                byz = S.MultiplyAdd(ey, vz, S.MultiplyAdd(ez, vy, byz));
            }
        }

        Sums.AddSymmetric<L, S, V>(aggregate, ref pass->First, axx, ayy, azz, axz, axy, ayz);
        if (TOdd.Value)
            Sums.AddSymmetric<L, S, V>(aggregate, ref pass->Second, bxx, byy, bzz, bxz, bxy, byz);
    }
}
