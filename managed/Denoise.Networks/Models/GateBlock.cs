namespace Denoise.Networks.Models;

/// <summary>A block of the gate's output and where its numbers lie in the pre-gate vector.</summary>
/// <param name="Multiplicity">channels</param>
/// <param name="L">degree</param>
/// <param name="Parity">+1 or -1</param>
/// <param name="InputOffset">its first component in the pre-gate vector</param>
/// <param name="GateOffset">the gate of its first channel in the pre-gate vector, one scalar per channel; -1 for scalars</param>
/// <param name="OutputOffset">its first component in the layer's output</param>
public readonly record struct GateBlock(int Multiplicity, int L, int Parity, int InputOffset, int GateOffset, int OutputOffset)
{
    public bool IsScalar => L == 0;

    /// <summary>Components of one channel.</summary>
    public int ChannelDimension => 2 * L + 1;
}
