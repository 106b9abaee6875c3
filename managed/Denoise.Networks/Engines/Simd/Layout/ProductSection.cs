namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>Some channels of an irrep that a <see cref="NodeProductPlan"/> computes, and what becomes of them.</summary>
/// <param name="Group">of the products' outputs</param>
/// <param name="First">channel of the group, a multiple of four</param>
/// <param name="Channels">a multiple of four</param>
/// <param name="Output">where the first component of the first channel goes, in the output row or in that of the gates</param>
/// <param name="OutputStride">from one component to the next</param>
internal sealed record ProductSection(IrrepGroup Group, int First, int Channels, int Output, int OutputStride)
{
    /// <summary>Of scalars: what they go through.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Of higher degrees: the gate of the first channel in the row of gates; -1: none.</summary>
    public int Gate { get; init; } = -1;

    /// <summary>Whether these are gates.</summary>
    public bool IsGate { get; init; }

    /// <summary>Whether the atoms' factors multiply what the first product contributes.</summary>
    public bool IsScaled { get; init; }
}

/// <summary>sigmoid(s x) (linear x + constant) + shift, see <see cref="Kernels.GateKernel"/>.</summary>
internal sealed record Activation(double Linear, double Constant, double Slope = 1, double Shift = 0);
