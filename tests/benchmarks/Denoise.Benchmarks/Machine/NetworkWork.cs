using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Benchmarks;

/// <summary>
/// Arithmetic and traffic of one evaluation of a network, per atom, counted from its structure. Counted is the leanest way to
/// compute it that is known: radial weights as quadratic splines from a table, the coupling tensors contracted with an edge's harmonics
/// once for all channels, species' attributes multiplied into the weights beforehand, nothing that no later layer reads, and in the
/// first layer of one species lin2 of vectors and tensors before the sum over the neighbors.
/// <code>
/// edge   30 for vector, length and harmonics; 5 per radial weight; per path: 2 nnz(C) to contract C with Y,
///        per channel 2 nnz(m1, m3) for the product and 2 (2 l3 + 1) for weight and sum
/// atom   2 (2l + 1) n_in n_out per product block; 20 per activation; 1 per gated component
/// </code>
/// Training: the gradients with respect to what comes in and to the weights cost as much as the evaluation, each.
/// </summary>
internal static class NetworkWork
{
    private const double PerEdge = 30;
    private const double PerRadialWeight = 5;
    private const double PerActivation = 20;

    /// <param name="model">the network</param>
    /// <param name="edges">per atom</param>
    /// <param name="listed">neighbors per atom in the list, the skin's included</param>
    public static Work Count(NequipModel model, double edges, double listed)
    {
        HashSet<Irrep> wanted = [.. model.Readout.Paths.Select(path => model.Readout.Input[path.InputSlot].Irrep)];
        double flops = Product(model.Readout, _ => true), bytes = 12;
        for (int k = model.Layers.Count - 1; k >= 0; k--)
        {
            InteractionLayer layer = model.Layers[k];
            HashSet<Irrep> needed = wanted;
            bool IsMade(Irrep irrep) => irrep == Irrep.Scalar || needed.Contains(irrep);
            double perEdge = PerEdge;
            HashSet<Irrep> read = [.. layer.SelfConnection.Paths.Select(path => layer.Input[path.InputSlot].Irrep).Where(IsMade)];
            // Features that are the same everywhere are part of the radial functions.
            bool isMixedFirst = k == 0 && model.SpeciesCount == 1;
            bool IsMixed(Irrep irrep) => isMixedFirst && irrep.L > 0;
            foreach (ConvolutionPath path in layer.ConvolutionPaths.Where(path => IsMade(layer.Convolution[path.OutputSlot].Irrep)))
            {
                perEdge += IsMixed(layer.Convolution[path.OutputSlot].Irrep) ? 0 : Path(path);
                read.Add(layer.Input[path.InputSlot].Irrep);
            }

            foreach (IrrepBlock block in layer.PreGate.Where(block => IsMade(block.Irrep) && IsMixed(block.Irrep)))
                perEdge += block.Multiplicity * (PerRadialWeight + 2 * block.Irrep.Dimension);
            flops += edges * perEdge + Product(layer.Lin2, irrep => IsMade(irrep) && !IsMixed(irrep)) + Product(layer.Alpha, _ => true) + Gate(layer, IsMade);
            // What the first layer's node-wise products make depends on the species alone.
            if (k > 0)
                flops += Product(layer.Lin1, read.Contains) + Product(layer.SelfConnection, IsMade);
            bytes += Traffic(layer, read, isFirst: k == 0, listed);
            wanted = read;
        }

        return new(flops, bytes);
    }

    /// <summary>Loss and gradients, per atom; traffic is not counted: a batch stays in the caches.</summary>
    public static Work CountTraining(NequipModel model, double edges) => new(3 * Count(model, edges, edges).Flops, 0);

    private static double Path(ConvolutionPath path)
    {
        Wigner3j coupling = Wigner3j.Get(path.L1, path.L2, path.L3);
        int contracted = coupling.Entries.Select(entry => (entry.M1, entry.M3)).Distinct().Count();
        double contraction = path.L2 == 0 ? 0 : 2 * coupling.Entries.Length;
        double product = path.L2 == 0 ? 0 : 2 * contracted;
        return contraction + path.Multiplicity * (PerRadialWeight + product + 2 * (2 * path.L3 + 1));
    }

    /// <summary>Blocks of attributes are merged: with the species known they are one matrix per pair of blocks.</summary>
    private static double Product(FullyConnectedProduct product, Func<Irrep, bool> isMade) => product.Paths
        .Select(path => (path.InputSlot, path.OutputSlot)).Distinct()
        .Where(pair => isMade(product.Output[pair.OutputSlot].Irrep))
        .Sum(pair => 2.0 * product.Input[pair.InputSlot].Multiplicity * product.Output[pair.OutputSlot].Dimension);

    private static double Gate(InteractionLayer layer, Func<Irrep, bool> isMade) => layer.Gate.Blocks
        .Where(block => isMade(new(block.L, block.Parity)))
        .Sum(block => block.Multiplicity * (PerActivation + (block.IsScalar ? 0 : block.ChannelDimension)));

    /// <summary>Position, species and list row; rows x and h read once; for all but the first, h made of x before.</summary>
    private static double Traffic(InteractionLayer layer, HashSet<Irrep> read, bool isFirst, double listed)
    {
        double input = isFirst ? 0 : 4 * layer.Input.Where(block => read.Contains(block.Irrep)).Sum(block => block.Dimension);
        double output = 4 * layer.Output.Dimension;
        return 24 + 4 + 8 + 4 * listed + 4 * input + output;
    }
}
