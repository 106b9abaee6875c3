namespace Denoise.Devices.Arguments;

/// <summary>What the kernel of the gate must know of the channels of one irrep; places in floats.</summary>
public struct GateArguments
{
    /// <summary>First atom of the chunk in the rows that leave, their number, and channels: a thread for each pair of them.</summary>
    public int First;
    public int Atoms;
    public int Channels;

    /// <summary>1, 3 or 5.</summary>
    public int Components;

    /// <summary>Rows that enter the gate: length, place of the irrep, from one component to the next, place of its gates.</summary>
    public int InputLength;
    public int Input;
    public int InputStride;
    public int Gate;

    /// <summary>Rows that leave.</summary>
    public int OutputLength;
    public int Output;
    public int OutputStride;

    /// <summary>0: gated, 1: silu, 2: tanh.</summary>
    public int Kind;

    /// <summary>Factor of the activation, or of the sigmoid of the gates.</summary>
    public float Factor;
}
