using Denoise.Atoms;

namespace Denoise.Cli.Analysis;

/// <summary>What all ranks must know of a frame that the first one has read.</summary>
/// <param name="Kind">whether there was one</param>
/// <param name="Step">time step, for messages</param>
/// <param name="LengthUnit">Å per unit of length of the file</param>
/// <param name="Spacing">mean distance between atoms, in the file's unit of length</param>
/// <param name="IsOpen">no direction is periodic</param>
/// <param name="Cell">of the whole system</param>
internal readonly record struct FrameHeader(FrameKind Kind, long Step, double LengthUnit, double Spacing, bool IsOpen, CellRecord Cell);

internal enum FrameKind
{
    Good,

    /// <summary>It cannot be read, and the run goes on behind it.</summary>
    Bad,

    /// <summary>There are no more.</summary>
    End,
}

/// <summary>A <see cref="Box"/> without references, to be sent.</summary>
internal readonly record struct CellRecord(Vec3 A, Vec3 B, Vec3 C, Vec3 Origin, bool PeriodicA, bool PeriodicB, bool PeriodicC)
{
    public static CellRecord Of(Box box) => new(box.A, box.B, box.C, box.Origin, box.PeriodicA, box.PeriodicB, box.PeriodicC);

    public Box ToBox() => new(A, B, C, Origin, PeriodicA, PeriodicB, PeriodicC);
}
