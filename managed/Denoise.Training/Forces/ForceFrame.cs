using Denoise.Atoms;

namespace Denoise.Training.Forces;

/// <summary>A structure with what is known of it: something to learn from, or to compare with.</summary>
public sealed class ForceFrame
{
    /// <summary>File and number of the frame, for messages.</summary>
    public required string Origin { get; init; }

    public required Box Box { get; init; }

    /// <summary>[atoms, 3] Å</summary>
    public required double[] Positions { get; init; }

    /// <summary>[atoms] counted from 0</summary>
    public required int[] Species { get; init; }

    /// <summary>[atoms, 3] eV/Å; null: not known</summary>
    public double[]? Forces { get; init; }

    /// <summary>eV of the whole structure; null: not known</summary>
    public double? Energy { get; init; }

    /// <summary>[atoms, 3] Å from the nearest minimum of the energy to the atoms; null: not known</summary>
    public double[]? Displacements { get; init; }

    public int Count => Species.Length;
}
