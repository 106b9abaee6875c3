using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// The gate of a layer in the lanes' order. The even scalars of the pre-gate row are arranged so that the gates of an irrep lie
/// like its channels,
/// <code>0e: [ scalars | gates of the first gated irrep | gates of the second | ... ]   each section padded to four</code>
/// and gating is a product of vectors. Nothing keeps the pre-gate row itself: gates are made first, and whatever else a product
/// makes goes through its activation or is multiplied by its gates on the way to the row of features.
/// </summary>
internal sealed class GatePlan
{
    private static readonly Activation EvenScalar = new(Linear: Activations.SiLU, Constant: 0);
    private static readonly Activation OddScalar =
        new(Linear: 0, Constant: 2 * Activations.Tanh, Slope: 2, Shift: -Activations.Tanh);
    private static readonly Activation Gate = new(Linear: 0, Constant: Activations.Sigmoid);

    private readonly int _firstGate;
    private readonly Dictionary<Irrep, int> _gates = [];

    /// <param name="gate">the layer's gate</param>
    /// <param name="isWanted">of an irrep of its output: whether anything reads it</param>
    public GatePlan(GateLayout gate, Func<Irrep, bool> isWanted)
    {
        GateBlock[] wanted = [.. gate.Blocks.Where(block => isWanted(new(block.L, block.Parity)))];
        PreGate = new();
        foreach (GateBlock block in wanted.Where(block => block.IsScalar))
        {
            bool isLast = block.Equals(wanted.Last(other => other.IsScalar && other.Parity == block.Parity));
            int first = PreGate.Append(new(0, block.Parity), block.Multiplicity, block.InputOffset, 1, padAfter: isLast);
            if (block.Parity == 1)
                _firstGate = IrrepGroup.Pad(first + block.Multiplicity);
        }

        foreach (var blocks in wanted.Where(block => !block.IsScalar).GroupBy(block => new Irrep(block.L, block.Parity)))
            foreach (GateBlock block in blocks)
            {
                int first = PreGate.Append(
                    Irrep.Scalar, block.Multiplicity, block.GateOffset, 1, padAfter: block.Equals(blocks.Last()));
                _gates.TryAdd(blocks.Key, first - _firstGate);
                PreGate.Append(blocks.Key, block.Multiplicity, block.InputOffset, block.ChannelDimension, padAfter: false);
            }

        PreGate.Complete();
        Output = ChannelLayout.Of(gate.Output, isWanted);
        Sections = [.. MakeSections()];
    }

    /// <summary>What enters.</summary>
    public ChannelLayout PreGate { get; }

    /// <summary>What leaves.</summary>
    public ChannelLayout Output { get; }

    /// <summary>What to do with the channels of the pre-gate row, gates first; nothing is scaled.</summary>
    public IReadOnlyList<ProductSection> Sections { get; }

    /// <summary>Floats of a row of gates.</summary>
    public int GateCount { get; private set; }

    private IEnumerable<ProductSection> MakeSections()
    {
        if (PreGate.IndexOf(Irrep.Scalar) is var even and >= 0)
        {
            GateCount = PreGate.Groups[even].Channels - _firstGate;
            yield return new(PreGate.Groups[even], _firstGate, GateCount, 0, 0) { Activation = Gate, IsGate = true };
        }

        foreach (IrrepGroup to in Output.Groups)
        {
            IrrepGroup from = PreGate.Groups[PreGate.IndexOf(to.Irrep)];
            yield return new(from, 0, to.Channels, to.Offset, to.Channels)
            {
                Activation = to.L > 0 ? null : to.Irrep == Irrep.Scalar ? EvenScalar : OddScalar,
                Gate = to.L > 0 ? _gates[to.Irrep] : -1,
            };
        }
    }
}
