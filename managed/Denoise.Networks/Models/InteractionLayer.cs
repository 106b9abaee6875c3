using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// One interaction of the network, x -> gate( sc(x,z) + alpha * lin2(agg,z) ), where
/// <code>
/// agg_j = sum over edges i -> j of TP(lin1(x,z)_i, Y(r_ij); radial(|r_ij|)) / sqrt(Z)
/// alpha = (1 - m) + alpha(agg,z) m,   m = SelfConnection.OutputMask
/// </code>
/// </summary>
public sealed class InteractionLayer
{
    internal InteractionLayer(int index, Irreps input, Irreps hidden, Irreps edge, Irreps attributes, NequipConfig config,
        IParameterSource source)
    {
        // Of the hidden irreps a layer keeps those that it can reach from its input: the first layer makes what Y contains.
        bool Reachable(IrrepBlock block) => input.Any(x => edge.Any(y => x.Irrep.CouplesTo(y.Irrep, block.Irrep)));
        Irreps Keep(Func<IrrepBlock, bool> wanted) =>
            new(hidden.Where(b => wanted(b) && Reachable(b)).Select(b => (b.Multiplicity, b.Irrep)));
        Gate = new(Keep(block => block.L == 0), Keep(block => block.L > 0));
        (Input, Edge) = (input, edge);

        (Convolution, ConvolutionPaths, int radialCount) = BuildConvolution(input, edge, PreGate);
        if (!Convolution.Contains(Irrep.Scalar))
            throw new InputException($"layer {index + 1} makes no even scalars out of '{input}' with the harmonics '{edge}' for the " +
                $"hidden irreps '{hidden}'; add some 0e to them.");

        NequipLimits.CheckRadial(index, radialCount);
        string name = $"interactions.{index}.first";
        SelfConnection = new($"{name}.sc", input, attributes, PreGate, source);
        Lin1 = new($"{name}.lin1", input, attributes, input, source);
        Lin2 = new($"{name}.lin2", Convolution, attributes, PreGate, source);
        Radial = new($"{name}.mlp", [.. config.Radial, radialCount], source);
        Alpha = new($"{name}.alpha", Convolution, attributes, Irreps.Parse("1x0e"), source);
    }

    /// <summary>Node features that come in (and the output of <see cref="Lin1"/>).</summary>
    public Irreps Input { get; }

    /// <summary>Spherical harmonics of an edge, one channel each.</summary>
    public Irreps Edge { get; }

    /// <summary>Messages and their aggregate: one block per path, sorted.</summary>
    public Irreps Convolution { get; }

    /// <summary>Sum of self connection and <see cref="Lin2"/>: what enters the gate.</summary>
    public Irreps PreGate => Gate.Input;

    /// <summary>Node features that leave.</summary>
    public Irreps Output => Gate.Output;

    public FullyConnectedProduct SelfConnection { get; }

    public FullyConnectedProduct Lin1 { get; }

    /// <summary>In loop order: input block, harmonic, degree of the output. Their radial weights are in this order.</summary>
    public IReadOnlyList<ConvolutionPath> ConvolutionPaths { get; }

    public RadialNetwork Radial { get; }

    public FullyConnectedProduct Lin2 { get; }

    /// <summary>One scalar per atom that scales <see cref="Lin2"/> where the self connection contributes too.</summary>
    public FullyConnectedProduct Alpha { get; }

    public GateLayout Gate { get; }

    private static (Irreps Sorted, ConvolutionPath[] Paths, int WeightCount) BuildConvolution(Irreps input, Irreps edge, Irreps output)
    {
        var found = new List<(int Input, int Harmonic, Irrep Irrep)>();
        for (int i = 0; i < input.Count; i++)
            for (int h = 0; h < edge.Count; h++)
                foreach (Irrep irrep in input[i].Irrep.Times(edge[h].Irrep))
                    if (output.Contains(irrep))
                        found.Add((i, h, irrep));

        (Irreps sorted, int[] position) = new Irreps(found.Select(p => (input[p.Input].Multiplicity, p.Irrep))).Sort();
        var paths = new ConvolutionPath[found.Count];
        int weights = 0;
        for (int k = 0; k < paths.Length; k++)
        {
            (int i, int h, Irrep irrep) = found[k];
            paths[k] = new(i, h, position[k], input[i].Multiplicity, input[i].L, edge[h].L, irrep.L, weights, Math.Sqrt(irrep.Dimension));
            weights += input[i].Multiplicity;
        }

        return (sorted, paths, weights);
    }
}
