using Denoise.Networks.Engines.Simd.Lanes;

namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// The product of four atoms' features with their species' matrices, channel by channel and the same for every component:
/// <code>
/// out_a[m, v] = gate_a[v] ( factor_a * sum_u W[u, v] first_a[m, u] + sum_u W'[u, v] second_a[m, u] )     a = 0 .. 3
/// out_a[v]    = activation( ... + constant[v] )                                                     scalars
/// </code>
/// Gate and activation are optional. Lanes hold output channels v; a tile of fewer outputs than lanes takes Groups inputs u per step
/// instead, lane (v, g) for u = step * Groups + g. Weights are stored as the steps read them. One kernel per degree, so that the
/// sums of all components stay in registers while each weight is loaded once for all atoms.
/// </summary>
internal static unsafe class NodeProduct
{
    /// <summary>Atoms of a call.</summary>
    public const int Atoms = 4;

    public static void Degree0<L, S, V, TActivated>(ProductTile* tile, float* weights, ProductRows* rows)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TActivated : struct, IFlag
    {
        // Two sums per atom, because one would wait for each multiply-add before the next.
        V even0 = S.Zero, even1 = S.Zero, even2 = S.Zero, even3 = S.Zero;
        V odd0 = S.Zero, odd1 = S.Zero, odd2 = S.Zero, odd3 = S.Zero;
        float* w = weights + tile->Weights;
        float** inputs = rows->First;
        ProductInput* input = &tile->First;
        while (true)
        {
            nint offset = input->Offset, channels = input->Channels, u = 0;
            float* x0 = inputs[0] + offset, x1 = inputs[1] + offset, x2 = inputs[2] + offset, x3 = inputs[3] + offset;
            for (; u + 2 * L.Groups <= channels; u += 2 * L.Groups, w += 2 * S.Count)
            {
                V weight = S.Load(w);
                even0 = S.MultiplyAdd(weight, L.Repeat(x0 + u), even0);
                even1 = S.MultiplyAdd(weight, L.Repeat(x1 + u), even1);
                even2 = S.MultiplyAdd(weight, L.Repeat(x2 + u), even2);
                even3 = S.MultiplyAdd(weight, L.Repeat(x3 + u), even3);
                weight = S.Load(w + S.Count);
                odd0 = S.MultiplyAdd(weight, L.Repeat(x0 + u + L.Groups), odd0);
                odd1 = S.MultiplyAdd(weight, L.Repeat(x1 + u + L.Groups), odd1);
                odd2 = S.MultiplyAdd(weight, L.Repeat(x2 + u + L.Groups), odd2);
                odd3 = S.MultiplyAdd(weight, L.Repeat(x3 + u + L.Groups), odd3);
            }

            if (u < channels)
            {
                V weight = S.Load(w);
                even0 = S.MultiplyAdd(weight, L.Repeat(x0 + u), even0);
                even1 = S.MultiplyAdd(weight, L.Repeat(x1 + u), even1);
                even2 = S.MultiplyAdd(weight, L.Repeat(x2 + u), even2);
                even3 = S.MultiplyAdd(weight, L.Repeat(x3 + u), even3);
                w += S.Count;
            }

            even0 = S.Add(even0, odd0);
            even1 = S.Add(even1, odd1);
            even2 = S.Add(even2, odd2);
            even3 = S.Add(even3, odd3);
            if (input == &tile->Second)
                break;
            if (tile->IsScaled != 0)
            {
                even0 = S.Multiply(even0, S.Create(rows->Factors[0]));
                even1 = S.Multiply(even1, S.Create(rows->Factors[1]));
                even2 = S.Multiply(even2, S.Create(rows->Factors[2]));
                even3 = S.Multiply(even3, S.Create(rows->Factors[3]));
            }

            if (tile->Second.Channels == 0)
                break;
            odd0 = odd1 = odd2 = odd3 = S.Zero;
            input = &tile->Second;
            inputs = rows->Second;
        }

        float** outputs = tile->IsGate != 0 ? rows->Gates : rows->Outputs;
        nint output = tile->Output;
        float* y0 = outputs[0] + output, y1 = outputs[1] + output, y2 = outputs[2] + output, y3 = outputs[3] + output;
        (even0, even1) = (L.Total(even0), L.Total(even1));
        (even2, even3) = (L.Total(even2), L.Total(even3));
        if (TActivated.Value)
        {
            V constant = S.Load(w), a = S.Load(w + S.Count), b = S.Load(w + 2 * S.Count);
            V slope = S.Create(tile->Slope), shift = S.Create(tile->Shift);
            even0 = GateKernel.Activate<S, V>(S.Add(even0, constant), a, b, slope, shift);
            even1 = GateKernel.Activate<S, V>(S.Add(even1, constant), a, b, slope, shift);
            even2 = GateKernel.Activate<S, V>(S.Add(even2, constant), a, b, slope, shift);
            even3 = GateKernel.Activate<S, V>(S.Add(even3, constant), a, b, slope, shift);
        }

        L.StoreFirst(y0, even0);
        L.StoreFirst(y1, even1);
        L.StoreFirst(y2, even2);
        L.StoreFirst(y3, even3);
    }

    public static void Degree1<L, S, V, TGated>(ProductTile* tile, float* weights, ProductRows* rows)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TGated : struct, IFlag
    {
        // Letters are components, numbers atoms.
        V a0 = S.Zero, b0 = S.Zero, c0 = S.Zero, a1 = S.Zero, b1 = S.Zero, c1 = S.Zero;
        V a2 = S.Zero, b2 = S.Zero, c2 = S.Zero, a3 = S.Zero, b3 = S.Zero, c3 = S.Zero;
        float* w = weights + tile->Weights;
        float** inputs = rows->First;
        ProductInput* input = &tile->First;
        while (true)
        {
            nint offset = input->Offset, next = input->Stride, channels = input->Channels;
            float* x0 = inputs[0] + offset, x1 = inputs[1] + offset, x2 = inputs[2] + offset, x3 = inputs[3] + offset;
            for (nint u = 0; u < channels; u += L.Groups, w += S.Count)
            {
                V weight = S.Load(w);
                a0 = S.MultiplyAdd(weight, L.Repeat(x0 + u), a0);
                a1 = S.MultiplyAdd(weight, L.Repeat(x1 + u), a1);
                a2 = S.MultiplyAdd(weight, L.Repeat(x2 + u), a2);
                a3 = S.MultiplyAdd(weight, L.Repeat(x3 + u), a3);
                nint second = u + next, third = second + next;
                b0 = S.MultiplyAdd(weight, L.Repeat(x0 + second), b0);
                b1 = S.MultiplyAdd(weight, L.Repeat(x1 + second), b1);
                b2 = S.MultiplyAdd(weight, L.Repeat(x2 + second), b2);
                b3 = S.MultiplyAdd(weight, L.Repeat(x3 + second), b3);
                c0 = S.MultiplyAdd(weight, L.Repeat(x0 + third), c0);
                c1 = S.MultiplyAdd(weight, L.Repeat(x1 + third), c1);
                c2 = S.MultiplyAdd(weight, L.Repeat(x2 + third), c2);
                c3 = S.MultiplyAdd(weight, L.Repeat(x3 + third), c3);
            }

            if (input == &tile->Second)
                break;
            if (tile->IsScaled != 0)
            {
                V factor = S.Create(rows->Factors[0]);
                (a0, b0, c0) = (S.Multiply(a0, factor), S.Multiply(b0, factor), S.Multiply(c0, factor));
                factor = S.Create(rows->Factors[1]);
                (a1, b1, c1) = (S.Multiply(a1, factor), S.Multiply(b1, factor), S.Multiply(c1, factor));
                factor = S.Create(rows->Factors[2]);
                (a2, b2, c2) = (S.Multiply(a2, factor), S.Multiply(b2, factor), S.Multiply(c2, factor));
                factor = S.Create(rows->Factors[3]);
                (a3, b3, c3) = (S.Multiply(a3, factor), S.Multiply(b3, factor), S.Multiply(c3, factor));
            }

            if (tile->Second.Channels == 0)
                break;
            input = &tile->Second;
            inputs = rows->Second;
        }

        var store = new ProductStore<L, S, V, TGated>(tile, rows, 0, 1);
        store.Both(0, a0, b0, a1, b1);
        store.Last(2, c0, c1);
        store = new(tile, rows, 2, 3);
        store.Both(0, a2, b2, a3, b3);
        store.Last(2, c2, c3);
    }

    public static void Degree2<L, S, V, TGated>(ProductTile* tile, float* weights, ProductRows* rows)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TGated : struct, IFlag
    {
        // Two atoms at a time: four would need more sums than there are registers.
        for (int atom = 0; atom < Atoms; atom += 2)
        {
            V a0 = S.Zero, b0 = S.Zero, c0 = S.Zero, d0 = S.Zero, e0 = S.Zero;
            V a1 = S.Zero, b1 = S.Zero, c1 = S.Zero, d1 = S.Zero, e1 = S.Zero;
            float* w = weights + tile->Weights;
            float** inputs = rows->First;
            ProductInput* input = &tile->First;
            while (true)
            {
                nint next = input->Stride;
                float* x0 = inputs[atom] + input->Offset, x1 = inputs[atom + 1] + input->Offset;
                float* end = x0 + input->Channels;
                for (; x0 < end; x0 += L.Groups, x1 += L.Groups, w += S.Count)
                {
                    V weight = S.Load(w);
                    a0 = S.MultiplyAdd(weight, L.Repeat(x0), a0);
                    a1 = S.MultiplyAdd(weight, L.Repeat(x1), a1);
                    b0 = S.MultiplyAdd(weight, L.Repeat(x0 + next), b0);
                    b1 = S.MultiplyAdd(weight, L.Repeat(x1 + next), b1);
                    c0 = S.MultiplyAdd(weight, L.Repeat(x0 + 2 * next), c0);
                    c1 = S.MultiplyAdd(weight, L.Repeat(x1 + 2 * next), c1);
                    d0 = S.MultiplyAdd(weight, L.Repeat(x0 + 3 * next), d0);
                    d1 = S.MultiplyAdd(weight, L.Repeat(x1 + 3 * next), d1);
                    e0 = S.MultiplyAdd(weight, L.Repeat(x0 + 4 * next), e0);
                    e1 = S.MultiplyAdd(weight, L.Repeat(x1 + 4 * next), e1);
                }

                if (input == &tile->Second)
                    break;
                if (tile->IsScaled != 0)
                {
                    V factor = S.Create(rows->Factors[atom]);
                    (a0, b0, c0) = (S.Multiply(a0, factor), S.Multiply(b0, factor), S.Multiply(c0, factor));
                    (d0, e0) = (S.Multiply(d0, factor), S.Multiply(e0, factor));
                    factor = S.Create(rows->Factors[atom + 1]);
                    (a1, b1, c1) = (S.Multiply(a1, factor), S.Multiply(b1, factor), S.Multiply(c1, factor));
                    (d1, e1) = (S.Multiply(d1, factor), S.Multiply(e1, factor));
                }

                if (tile->Second.Channels == 0)
                    break;
                input = &tile->Second;
                inputs = rows->Second;
            }

            var store = new ProductStore<L, S, V, TGated>(tile, rows, atom, atom + 1);
            store.Both(0, a0, b0, a1, b1);
            store.Both(2, c0, d0, c1, d1);
            store.Last(4, e0, e1);
        }
    }

    public static void Degree3<L, S, V, TGated>(ProductTile* tile, float* weights, ProductRows* rows)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
        where TGated : struct, IFlag
    {
        // Two atoms and two components at a time: of seven there are few channels, and their weights are in the first cache.
        for (int atom = 0; atom < Atoms; atom += 2)
        {
            var store = new ProductStore<L, S, V, TGated>(tile, rows, atom, atom + 1);
            for (int component = 0; component < 7; component += 2)
            {
                // The last pair has one component, twice.
                int second = Math.Min(component + 1, 6);
                Components<L, S, V>(tile, weights, rows, atom, component, second, out V a0, out V b0, out V a1, out V b1);
                if (second > component)
                    store.Both(component, a0, b0, a1, b1);
                else
                    store.Last(component, a0, a1);
            }
        }
    }

    /// <summary>Sums of two components, a and b, of two atoms.</summary>
    private static void Components<L, S, V>(ProductTile* tile, float* weights, ProductRows* rows, int atom, int a, int b,
        out V a0, out V b0, out V a1, out V b1)
        where L : struct, ILanes<V>
        where S : struct, ISimd<V>
        where V : struct
    {
        a0 = b0 = a1 = b1 = S.Zero;
        float* w = weights + tile->Weights;
        float** inputs = rows->First;
        ProductInput* input = &tile->First;
        while (true)
        {
            nint toB = (b - a) * input->Stride, first = input->Offset + a * input->Stride;
            float* x0 = inputs[atom] + first, x1 = inputs[atom + 1] + first, end = x0 + input->Channels;
            for (; x0 < end; x0 += L.Groups, x1 += L.Groups, w += S.Count)
            {
                V weight = S.Load(w);
                a0 = S.MultiplyAdd(weight, L.Repeat(x0), a0);
                a1 = S.MultiplyAdd(weight, L.Repeat(x1), a1);
                b0 = S.MultiplyAdd(weight, L.Repeat(x0 + toB), b0);
                b1 = S.MultiplyAdd(weight, L.Repeat(x1 + toB), b1);
            }

            if (input == &tile->Second)
                return;
            if (tile->IsScaled != 0)
            {
                V factor = S.Create(rows->Factors[atom]);
                (a0, b0) = (S.Multiply(a0, factor), S.Multiply(b0, factor));
                factor = S.Create(rows->Factors[atom + 1]);
                (a1, b1) = (S.Multiply(a1, factor), S.Multiply(b1, factor));
            }

            if (tile->Second.Channels == 0)
                return;
            input = &tile->Second;
            inputs = rows->Second;
        }
    }
}
