using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// The first layer of a network of one species: its input h = lin1(x, z) consists of the same scalars on all atoms, so that
/// lin2 can go before the sum over the neighbors and into the radial functions,
/// <code>
/// lin2(sum_j h w(r_j) Y_l(e_j))[v] = sum_j g_v(r_j) Y_l(e_j)    g_v(r) = sum_u W[u, v] h[u] w_u(r)    l = 1, 2
/// </code>
/// which leaves as many channels as the layer has, instead of those of its input. Even scalars stay as they are: they make scalars,
/// gates and alpha, more channels than there are inputs.
/// </summary>
internal static class HarmonicPlan
{
    /// <param name="layer">the first one</param>
    /// <param name="h">[even scalars in the input's layout]</param>
    /// <param name="input">layout of the input</param>
    /// <param name="lin2">of the species, from the layout of all the layer's sums to the pre-gate row</param>
    /// <param name="width">vectors to use</param>
    public static ConvolutionPlan Create(
        InteractionLayer layer, double[] h, ChannelLayout input, FoldedWeights lin2, SimdWidth width)
    {
        var aggregate = new ChannelLayout();
        var columns = new Dictionary<int, RadialColumn[]>();
        double Source(ConvolutionPath path, int u)
        {
            input.TryFind(layer.Input[path.InputSlot].Offset + u, out _, out int channel);
            return h[channel];
        }

        // Even scalars, as many as come in.
        var scalars = new List<RadialColumn>();
        ConvolutionPath[] toScalars = [.. layer.ConvolutionPaths.Where(path => layer.Convolution[path.OutputSlot].Irrep == Irrep.Scalar)];
        foreach (ConvolutionPath path in toScalars)
        {
            aggregate.Append(Irrep.Scalar, path.Multiplicity, layer.Convolution[path.OutputSlot].Offset, 1, padAfter: path == toScalars[^1]);
            for (int u = 0; u < path.Multiplicity; u++)
                scalars.Add(new((path.WeightOffset + u, Source(path, u))));
        }

        columns.Add(0, [.. scalars]);

        // Higher degrees, mixed already.
        double[][] matrices = lin2.Of(0);
        for (int g = 0; g < lin2.Output.Groups.Count; g++)
        {
            IrrepGroup to = lin2.Output.Groups[g];
            if (to.L == 0)
                continue;
            var terms = Enumerable.Range(0, to.Channels).Select(_ => new List<(int, double)>()).ToArray();
            foreach (ConvolutionPath path in layer.ConvolutionPaths.Where(path => layer.Convolution[path.OutputSlot].Irrep == to.Irrep))
                for (int u = 0; u < path.Multiplicity; u++)
                {
                    lin2.Input.TryFind(layer.Convolution[path.OutputSlot].Offset + u * to.Components, out _, out int channel);
                    double coupling = CouplingFactors.IsCoupled(0, path.L2, path.L3) ? 1 : CouplingFactors.Get(0, path.L2, path.L3);
                    double factor = coupling * Source(path, u);
                    for (int v = 0; v < to.Channels; v++)
                        terms[v].Add((path.WeightOffset + u, factor * matrices[g][channel * to.Channels + v]));
                }

            aggregate.AppendOwn(to.Irrep, to.Channels);
            columns.Add(aggregate.SectionCount - 1, [.. terms.Select(term => new RadialColumn([.. term]))]);
        }

        ConvolutionPath[] coupled = [.. layer.ConvolutionPaths.Where(path => CouplingFactors.IsCoupled(0, path.L2, path.L3))];
        CouplingProgram? couplings = coupled.Length > 0 ? new(coupled) : null;
        return new(aggregate.Complete(), Passes(aggregate, columns, couplings, width), couplings);
    }

    /// <summary>
    /// lin2 of what is left to do: of even scalars as it is, of higher degrees the identity.
    /// </summary>
    public static FoldedWeights Remaining(FoldedWeights lin2)
    {
        double[][] matrices = lin2.Of(0);
        for (int g = 0; g < matrices.Length; g++)
            if (lin2.Output.Groups[g] is { L: > 0 } group)
                for (int v = 0; v < group.Channels; v++)
                    matrices[g][v * group.Channels + v] = 1;
        return new(lin2.Input, lin2.Output, [matrices]);
    }

    private static PassList Passes(ChannelLayout aggregate, Dictionary<int, RadialColumn[]> columns, CouplingProgram? couplings,
        SimdWidth width)
    {
        var passes = new PassList(width);
        (PathSlot, IReadOnlyList<RadialColumn>) Path(int g, int first, int channels) => (
            new() { Output = aggregate.Groups[g].Offset + first, Stride = aggregate.Groups[g].Channels },
            [.. Enumerable.Range(first, channels).Select(u => u < columns[g].Length ? columns[g][u] : default)]);

        void Add(PassKind kind, params int[] groups)
        {
            int all = aggregate.Groups[groups[0]].Channels;
            for (int first = 0, channels; first < all; first += channels)
            {
                channels = LaneSplit.Take(all - first, width);
                passes.Add(kind, channels, 0, 0, [.. groups.Select(g => Path(g, first, channels))]);
            }
        }

        int[] Of(int l) => [.. Enumerable.Range(0, aggregate.Groups.Count).Where(g => aggregate.Groups[g].L == l)];
        foreach (int g in Of(0))
            Add(PassKind.HarmonicToScalars, g);
        foreach (int g in Of(3))
            for (int first = 0, channels; first < aggregate.Groups[g].Channels; first += channels)
            {
                channels = LaneSplit.Take(aggregate.Groups[g].Channels - first, width);
                passes.AddCoupled(CoupledKind.Harmonic, 0, 3, couplings!.FirstSlot(0, 3, 3), channels, 0, 0, Path(g, first, channels));
            }

        int[] vectors = Of(1), tensors = Of(2);
        // The same harmonic leads to one irrep: there is one group per degree, if any.
        bool together = vectors.Length == 1 && tensors.Length == 1 &&
            aggregate.Groups[vectors[0]].Channels == aggregate.Groups[tensors[0]].Channels;
        if (together)
        {
            Add(PassKind.HarmonicToVectorsAndRank2, vectors[0], tensors[0]);
            return passes;
        }

        foreach (int g in vectors)
            Add(PassKind.HarmonicToVectors, g);
        foreach (int g in tensors)
            Add(PassKind.HarmonicToRank2, g);
        return passes;
    }
}
