using Denoise.Devices.Arguments;
using Denoise.Kernels.Numbers;
using ILGPU;

namespace Denoise.Kernels.Network;

/// <summary>
/// Products of rows with the matrices of their atom's species, for the channels of one irrep:
/// <code>out[w, m] = constant[w] + f sum_u in[u, m] W[w, u] + sum_u second[u, m] V[w, u]</code>
/// One thread per atom and output channel w; four input channels at a time.
/// </summary>
public static class ProductKernel
{
    /// <param name="s">scalars</param>
    /// <param name="inputs">rows that come in, in fours</param>
    /// <param name="seconds">rows of the second input, in fours</param>
    /// <param name="weights">[species] matrices W, V side by side, in fours</param>
    /// <param name="constants">the same as floats, for the constants</param>
    /// <param name="factors">[chunk] f</param>
    /// <param name="species">[atoms]</param>
    /// <param name="active">atoms that are evaluated, see <see cref="ActiveAtom"/></param>
    /// <param name="outputs">rows that leave</param>
    public static void Run<TDegree>(ProductArguments s, ArrayView<Float4> inputs, ArrayView<Float4> seconds, ArrayView<Float4> weights,
        ArrayView<float> constants, ArrayView<float> factors, ArrayView<int> species, ArrayView<int> active,
        ArrayView<float> outputs)
        where TDegree : struct, IDegree
    {
        int thread = Grid.IdxX * Group.DimX + Group.IdxX;
        int atom = thread / s.Channels, channel = thread - atom * s.Channels;
        if (atom >= s.Atoms)
            return;
        int i = ActiveAtom.At(active, s.First + atom);
        int base0 = species[i] * s.WeightsPerSpecies;
        int weight = (base0 + s.Weights + channel * (s.InputChannels + s.SecondChannels)) / 4;
        float a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0;
        int next = s.InputChannels / 4;
        long place = ((long)(s.InputFirst + atom) * s.InputLength + s.Input) / 4;
        for (int u = 0; u < next; u++, place++)
        {
            Float4 w = weights[weight + u];
            a0 += Float4.Dot(w, inputs[place]);
            if (TDegree.L > 0)
            {
                a1 += Float4.Dot(w, inputs[place + next]);
                a2 += Float4.Dot(w, inputs[place + 2 * next]);
            }

            if (TDegree.L > 1)
            {
                a3 += Float4.Dot(w, inputs[place + 3 * next]);
                a4 += Float4.Dot(w, inputs[place + 4 * next]);
            }
        }

        if (s.IsScaled != 0)
        {
            float factor = factors[atom];
            a0 *= factor;
            a1 *= factor;
            a2 *= factor;
            a3 *= factor;
            a4 *= factor;
        }

        if (s.Constants >= 0)
            a0 += constants[base0 + s.Constants + channel];
        weight += next;
        next = s.SecondChannels / 4;
        place = ((long)(s.SecondFirst + atom) * s.SecondLength + s.Second) / 4;
        for (int u = 0; u < next; u++, place++)
        {
            Float4 w = weights[weight + u];
            a0 += Float4.Dot(w, seconds[place]);
            if (TDegree.L > 0)
            {
                a1 += Float4.Dot(w, seconds[place + next]);
                a2 += Float4.Dot(w, seconds[place + 2 * next]);
            }

            if (TDegree.L > 1)
            {
                a3 += Float4.Dot(w, seconds[place + 3 * next]);
                a4 += Float4.Dot(w, seconds[place + 4 * next]);
            }
        }

        long row = (long)(s.IsOfAtoms != 0 ? i : s.OutputFirst + atom) * s.OutputLength + (s.Output + channel);
        outputs[row] = a0;
        if (TDegree.L > 0)
        {
            outputs[row + s.OutputStride] = a1;
            outputs[row + 2 * s.OutputStride] = a2;
        }

        if (TDegree.L > 1)
        {
            outputs[row + 3 * s.OutputStride] = a3;
            outputs[row + 4 * s.OutputStride] = a4;
        }
    }
}
