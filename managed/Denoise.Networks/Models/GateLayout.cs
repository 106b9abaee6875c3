using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// The gated nonlinearity that ends a layer (e3nn's Gate). Scalars go through c * silu (even) or c * tanh (odd); every channel
/// of higher degree is multiplied by c * sigmoid of an even scalar of its own, its gate.
/// The pre-gate vector holds scalars, gates and gated irreps, in that order where it agrees with the order of irreps:
/// e3nn sorts the blocks (stably) and merges equal neighbors. The output holds scalars, then gated irreps, as written.
/// </summary>
public sealed class GateLayout
{
    /// <param name="scalars">hidden irreps of degree 0 that the layer can produce</param>
    /// <param name="gated">those of higher degree</param>
    internal GateLayout(Irreps scalars, Irreps gated)
    {
        (int, Irrep)[] gates = gated.Count == 0 ? [] : [(gated.ChannelCount, Irrep.Scalar)];
        var unsorted = new Irreps([.. Terms(scalars), .. gates, .. Terms(gated)]);
        (Irreps sorted, int[] position) = unsorted.Sort();
        Input = sorted.Merged();
        Output = new([.. Terms(scalars), .. Terms(gated)]);
        GateCount = gated.ChannelCount;
        FirstGate = gates.Length == 0 ? -1 : sorted[position[scalars.Count]].Offset;

        var blocks = new List<GateBlock>();
        int gate = FirstGate;
        for (int b = 0; b < Output.Count; b++)
        {
            bool isScalar = b < scalars.Count;
            IrrepBlock block = Output[b];
            IrrepBlock source = sorted[position[isScalar ? b : b + gates.Length]];
            blocks.Add(new(block.Multiplicity, block.L, block.Irrep.Parity, source.Offset, isScalar ? -1 : gate, block.Offset));
            if (!isScalar)
                gate += block.Multiplicity;
        }

        Blocks = blocks;
    }

    /// <summary>The pre-gate vector.</summary>
    public Irreps Input { get; }

    /// <summary>The layer's output.</summary>
    public Irreps Output { get; }

    /// <summary>Blocks of the output in order.</summary>
    public IReadOnlyList<GateBlock> Blocks { get; }

    /// <summary>Offset of the gates in the pre-gate vector, -1 if there are none.</summary>
    public int FirstGate { get; }

    /// <summary>One per channel of degree above 0.</summary>
    public int GateCount { get; }

    private static IEnumerable<(int, Irrep)> Terms(Irreps irreps) => irreps.Select(block => (block.Multiplicity, block.Irrep));
}
