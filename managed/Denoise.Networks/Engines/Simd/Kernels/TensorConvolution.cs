using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Convolution of features of degree 2 with the harmonics of the edges' directions e, summed over a batch of edges. The five
/// components q stand for the symmetric traceless matrix
/// <code>
///     [ -p - q4   q1    q0     ]
/// X = [   q1     2 p    q3     ]    p = q2 / sqrt(3)
///     [   q0      q3   q4 - p  ]
///
/// ToLow        first  (2,1,1):  w X e
///              second (2,2,0):  w (e.X e)
///              third  (2,2,1):  w (e x X e)                   optional: l1 + l2 + l3 is odd
/// ToAll        the first two of ToLow
///              third  (2,0,2):  w X
///              fourth (2,2,2):  w (S(e, X e) - 2/3 X)
///              fifth  (2,2,1):  w (e x X e)                   optional
/// ToRank2Odd   first  (2,1,2):  w (E X - X E)                 E v = e x v
/// </code>
/// S as in <see cref="Sums"/>; the factors of the tensor product (<see cref="Layout.CouplingFactors"/>) are in the weights.
/// </summary>
internal static unsafe class TensorConvolution
{
    public static void ToLow<L, S, V, TOdd>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
    {
        V ax = S.Zero, ay = S.Zero, az = S.Zero;
        V scalar = S.Zero;
        V cx = S.Zero, cy = S.Zero, cz = S.Zero;
        V inverseSqrt3 = S.Create(Sums.InverseSqrt3);
        nint input = pass->Input, next = pass->InputStride;
        float** rows = edges->Rows;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups, rows += L.Groups)
        {
            weights.Move();
            V q0 = L.Gather(rows, input), q1 = L.Gather(rows, input + next);
            V p = S.Multiply(L.Gather(rows, input + 2 * next), inverseSqrt3);
            V q3 = L.Gather(rows, input + 3 * next), q4 = L.Gather(rows, input + 4 * next);
            V ex = L.Spread(direction);
            V ey = L.Spread(direction + EdgeBatch.Next);
            V ez = L.Spread(direction + 2 * EdgeBatch.Next);

            // v = X e
            V vx = S.MultiplyAdd(q1, ey, S.NegateMultiplyAdd(S.Add(p, q4), ex, S.Multiply(q0, ez)));
            V vy = S.MultiplyAdd(q1, ex, S.MultiplyAdd(S.Add(p, p), ey, S.Multiply(q3, ez)));
            V vz = S.MultiplyAdd(q0, ex, S.MultiplyAdd(S.Subtract(q4, p), ez, S.Multiply(q3, ey)));

            weights.Of(0, out V weight, out V other);
            ax = S.MultiplyAdd(weight, vx, ax);
            ay = S.MultiplyAdd(weight, vy, ay);
            az = S.MultiplyAdd(weight, vz, az);

            V along = S.MultiplyAdd(ex, vx, S.MultiplyAdd(ey, vy, S.Multiply(ez, vz)));
            scalar = S.MultiplyAdd(other, along, scalar);

            if (TOdd.Value)
            {
                weight = weights.Of(2);
                V wx = S.Multiply(weight, ex), wy = S.Multiply(weight, ey), wz = S.Multiply(weight, ez);
                cx = S.NegateMultiplyAdd(wz, vy, cx);
                cx = S.MultiplyAdd(wy, vz, cx);
                cy = S.NegateMultiplyAdd(wx, vz, cy);
                cy = S.MultiplyAdd(wz, vx, cy);
                cz = S.NegateMultiplyAdd(wy, vx, cz);
                cz = S.MultiplyAdd(wx, vy, cz);
            }
        }

        Sums.AddVector<L, V>(aggregate, ref pass->First, ax, ay, az);
        L.AddSum(aggregate + pass->Second.Output, scalar);
        if (TOdd.Value)
            Sums.AddVector<L, V>(aggregate, ref pass->Third, cx, cy, cz);
    }

    public static void ToAll<L, S, V, TOdd>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TOdd : struct, IFlag
    {
        V ax = S.Zero, ay = S.Zero, az = S.Zero;
        V scalar = S.Zero;
        V a0 = S.Zero, a1 = S.Zero, a2 = S.Zero, a3 = S.Zero, a4 = S.Zero;
        V bxx = S.Zero, byy = S.Zero, bzz = S.Zero, bxz = S.Zero, bxy = S.Zero, byz = S.Zero;
        V cx = S.Zero, cy = S.Zero, cz = S.Zero;
        V inverseSqrt3 = S.Create(Sums.InverseSqrt3), third = S.Create(1 / 3f);
        nint input = pass->Input, next = pass->InputStride;
        float** rows = edges->Rows;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups, rows += L.Groups)
        {
            weights.Move();
            weights.Of(0, out V toVector, out V toScalar);
            weights.Of(2, out V weight, out V trace);
            V q0 = L.Gather(rows, input), q1 = L.Gather(rows, input + next);
            V q2 = L.Gather(rows, input + 2 * next);
            V q3 = L.Gather(rows, input + 3 * next), q4 = L.Gather(rows, input + 4 * next);
            a0 = S.MultiplyAdd(weight, q0, a0);
            a1 = S.MultiplyAdd(weight, q1, a1);
            a2 = S.MultiplyAdd(weight, q2, a2);
            a3 = S.MultiplyAdd(weight, q3, a3);
            a4 = S.MultiplyAdd(weight, q4, a4);

            // v = X e
            V p = S.Multiply(q2, inverseSqrt3);
            V mxx = S.Add(p, q4), myy = S.Add(p, p), mzz = S.Subtract(q4, p);
            V ex = L.Spread(direction);
            V ey = L.Spread(direction + EdgeBatch.Next);
            V ez = L.Spread(direction + 2 * EdgeBatch.Next);
            V vx = S.MultiplyAdd(q1, ey, S.NegateMultiplyAdd(mxx, ex, S.Multiply(q0, ez)));
            V vy = S.MultiplyAdd(q1, ex, S.MultiplyAdd(myy, ey, S.Multiply(q3, ez)));
            V vz = S.MultiplyAdd(q0, ex, S.MultiplyAdd(mzz, ez, S.Multiply(q3, ey)));

            // u = w e; the trace part is taken off the matrix: 2/3 X off the diagonal, 1/3 X on it, where S counts half.
            V ux = S.Multiply(trace, ex), uy = S.Multiply(trace, ey), uz = S.Multiply(trace, ez);
            trace = S.Multiply(trace, third);
            bxx = S.MultiplyAdd(trace, mxx, bxx);
            bxx = S.MultiplyAdd(ux, vx, bxx);
            byy = S.NegateMultiplyAdd(trace, myy, byy);
            byy = S.MultiplyAdd(uy, vy, byy);
            bzz = S.NegateMultiplyAdd(trace, mzz, bzz);
            bzz = S.MultiplyAdd(uz, vz, bzz);
            trace = S.Add(trace, trace);
            bxz = S.NegateMultiplyAdd(trace, q0, bxz);
            bxz = S.MultiplyAdd(uz, vx, bxz);
            bxz = S.MultiplyAdd(ux, vz, bxz);
            bxy = S.NegateMultiplyAdd(trace, q1, bxy);
            bxy = S.MultiplyAdd(uy, vx, bxy);
            bxy = S.MultiplyAdd(ux, vy, bxy);
            byz = S.NegateMultiplyAdd(trace, q3, byz);
            byz = S.MultiplyAdd(uz, vy, byz);
            byz = S.MultiplyAdd(uy, vz, byz);

            ax = S.MultiplyAdd(toVector, vx, ax);
            ay = S.MultiplyAdd(toVector, vy, ay);
            az = S.MultiplyAdd(toVector, vz, az);

            V along = S.MultiplyAdd(ex, vx, S.MultiplyAdd(ey, vy, S.Multiply(ez, vz)));
            scalar = S.MultiplyAdd(toScalar, along, scalar);

            if (TOdd.Value)
            {
                weight = weights.Of(4);
                V wx = S.Multiply(weight, ex), wy = S.Multiply(weight, ey), wz = S.Multiply(weight, ez);
                cx = S.NegateMultiplyAdd(wz, vy, cx);
                cx = S.MultiplyAdd(wy, vz, cx);
                cy = S.NegateMultiplyAdd(wx, vz, cy);
                cy = S.MultiplyAdd(wz, vx, cy);
                cz = S.NegateMultiplyAdd(wy, vx, cz);
                cz = S.MultiplyAdd(wx, vy, cz);
            }
        }

        Sums.AddVector<L, V>(aggregate, ref pass->First, ax, ay, az);
        L.AddSum(aggregate + pass->Second.Output, scalar);
        Sums.AddRank2<L, V>(aggregate, ref pass->Third, a0, a1, a2, a3, a4);
        Sums.AddSymmetric<L, S, V>(aggregate, ref pass->Fourth, bxx, byy, bzz, bxz, bxy, byz);
        if (TOdd.Value)
            Sums.AddVector<L, V>(aggregate, ref pass->Fifth, cx, cy, cz);
    }

    public static void ToRank2Odd<L, S, V>(EdgeBatch* edges, ConvolutionPass* pass, float* aggregate)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        V a0 = S.Zero, a1 = S.Zero, a2 = S.Zero, a3 = S.Zero, a4 = S.Zero;
        V sqrt3 = S.Create(3 * Sums.InverseSqrt3);
        nint input = pass->Input, next = pass->InputStride;
        float** rows = edges->Rows;
        float* direction = edges->Directions, end = direction + edges->Count;
        var weights = new EdgeWeights<L, S, V>(edges, pass);
        for (; direction < end; direction += L.Groups, rows += L.Groups)
        {
            weights.Move();
            V q0 = L.Gather(rows, input), q1 = L.Gather(rows, input + next);
            V q2 = S.Multiply(L.Gather(rows, input + 2 * next), sqrt3);
            V q3 = L.Gather(rows, input + 3 * next), q4 = L.Gather(rows, input + 4 * next);

            V weight = weights.Of(0);
            V ux = S.Multiply(weight, L.Spread(direction));
            V uy = S.Multiply(weight, L.Spread(direction + EdgeBatch.Next));
            V uz = S.Multiply(weight, L.Spread(direction + 2 * EdgeBatch.Next));

            // The rotation generated by e: antisymmetric, couples neighboring m; q2 carries its sqrt(3) already.
            a0 = S.MultiplyAdd(uy, S.Add(q4, q4), a0);
            a0 = S.NegateMultiplyAdd(uz, q3, a0);
            a0 = S.MultiplyAdd(ux, q1, a0);
            a1 = S.NegateMultiplyAdd(uz, S.Add(q2, q4), a1);
            a1 = S.NegateMultiplyAdd(ux, q0, a1);
            a1 = S.MultiplyAdd(uy, q3, a1);
            a2 = S.NegateMultiplyAdd(ux, q3, a2);
            a2 = S.MultiplyAdd(uz, q1, a2);
            a3 = S.MultiplyAdd(ux, S.Subtract(q2, q4), a3);
            a3 = S.NegateMultiplyAdd(uy, q1, a3);
            a3 = S.MultiplyAdd(uz, q0, a3);
            a4 = S.NegateMultiplyAdd(uy, S.Add(q0, q0), a4);
            a4 = S.MultiplyAdd(uz, q1, a4);
            a4 = S.MultiplyAdd(ux, q3, a4);
        }

        Sums.AddRank2<L, V>(aggregate, ref pass->First, a0, a1, S.Multiply(a2, sqrt3), a3, a4);
    }
}
