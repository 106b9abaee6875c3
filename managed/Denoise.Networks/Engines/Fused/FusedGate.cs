using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>The gate of a layer for a tile of atoms, forwards and backwards.</summary>
internal sealed unsafe class FusedGate
{
    private readonly FusedKernels _kernels;
    private readonly Irreps _input;
    private readonly Part[] _parts;

    /// <summary>A block of the output: its plane, that of its values before the gate, and that of its gates.</summary>
    private readonly record struct Part(GateBlock Block, int Output, int Input, int InputChannel, int Gate, int GateChannel);

    public FusedGate(GateLayout layout, FusedKernels kernels, Func<Irrep, bool> isWanted)
    {
        (_kernels, _input) = (kernels, layout.Input);
        _parts = [.. layout.Blocks.Select((block, b) =>
        {
            (int input, int channel) = Find(layout.Input, block.InputOffset);
            (int gate, int gateChannel) = block.IsScalar ? (-1, 0) : Find(layout.Input, block.GateOffset);
            return new Part(block, b, input, channel, gate, gateChannel);
        }).Where(part => isWanted(layout.Output[part.Output].Irrep))];
    }

    /// <summary>Sigmoids of the scalars of a tile, in planes like those of the pre-gate vector.</summary>
    public void Sigmoids(BlockPlanes preGate, int first, BlockPlanes sigmoids, int count)
    {
        foreach (int slot in preGate.Slots)
            if (_input[slot].L == 0)
                _kernels.Sigmoid(preGate[slot].Row(first), sigmoids[slot].Row(0), count * preGate[slot].Stride,
                    _input[slot].Irrep.Parity > 0 ? 1 : 2);
    }

    /// <param name="preGate">rows from <paramref name="first"/> on</param>
    /// <param name="sigmoids">rows from 0 on, see <see cref="Sigmoids"/></param>
    /// <param name="output">rows from <paramref name="first"/> on, overwritten</param>
    /// <param name="first">first atom</param>
    /// <param name="count">atoms</param>
    public void Forward(BlockPlanes preGate, BlockPlanes sigmoids, BlockPlanes output, int first, int count)
    {
        foreach (Part part in _parts)
        {
            BlockPlane x = preGate[part.Input], y = output[part.Output];
            if (part.Block.IsScalar)
            {
                var kernel = part.Block.Parity > 0 ? _kernels.EvenForward : _kernels.OddForward;
                kernel(x.Row(first) + part.InputChannel, sigmoids[part.Input].Row(0) + part.InputChannel, x.Stride, y.Row(first), y.Stride,
                    count);
            }
            else
            {
                BlockPlane gates = sigmoids[part.Gate];
                _kernels.GatedForward(x.Row(first) + part.InputChannel, x.Channels, gates.Row(0) + part.GateChannel, gates.Stride,
                    y.Row(first), y.Channels, y.Components, count);
            }
        }
    }

    /// <param name="preGate">as in the forward pass</param>
    /// <param name="sigmoids">likewise</param>
    /// <param name="outputAdj">rows from <paramref name="first"/> on</param>
    /// <param name="preGateAdj">rows from 0 on, overwritten but for the padding</param>
    /// <param name="first">first atom</param>
    /// <param name="count">atoms</param>
    public void Backward(BlockPlanes preGate, BlockPlanes sigmoids, BlockPlanes outputAdj, BlockPlanes preGateAdj, int first, int count)
    {
        foreach (Part part in _parts)
        {
            BlockPlane x = preGate[part.Input], yAdj = outputAdj[part.Output], xAdj = preGateAdj[part.Input];
            if (part.Block.IsScalar)
            {
                var kernel = part.Block.Parity > 0 ? _kernels.EvenBackward : _kernels.OddBackward;
                kernel(x.Row(first) + part.InputChannel, sigmoids[part.Input].Row(0) + part.InputChannel, x.Stride, yAdj.Row(first),
                    yAdj.Stride, xAdj.Row(0) + part.InputChannel, part.Block.Multiplicity, count);
            }
            else
            {
                BlockPlane gates = sigmoids[part.Gate];
                int channels = part.Block.Multiplicity;
                // Where the plane is the block's alone, its padding may be written too.
                _kernels.GatedBackward(x.Row(first) + part.InputChannel, x.Channels, gates.Row(0) + part.GateChannel, gates.Stride,
                    yAdj.Row(first), yAdj.Channels, xAdj.Row(0) + part.InputChannel,
                    preGateAdj[part.Gate].Row(0) + part.GateChannel, yAdj.Components, channels,
                    channels == x.Multiplicity ? x.Channels : channels, count);
            }
        }
    }

    private static (int Slot, int Channel) Find(Irreps irreps, int offset)
    {
        int slot = Enumerable.Range(0, irreps.Count).First(b => offset < irreps[b].End);
        return (slot, (offset - irreps[slot].Offset) / irreps[slot].Irrep.Dimension);
    }
}
