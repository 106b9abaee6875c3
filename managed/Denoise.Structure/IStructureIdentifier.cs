using Denoise.Neighbors;

namespace Denoise.Structure;

/// <summary>Names the local crystal structure of every owned atom. Reused from frame to frame without allocation; one call at a time.</summary>
public unsafe interface IStructureIdentifier : IDisposable
{
    /// <summary>Bytes of native memory held.</summary>
    long MemoryBytes { get; }

    /// <summary>Identifies every owned atom.</summary>
    /// <param name="particles">owned and ghost atoms in open space</param>
    /// <param name="range">
    /// distance in Å within which every neighbor of an owned atom is present; may be infinite. Atoms further away are treated as
    /// absent, so that a label does not depend on which ghosts a process happens to hold.
    /// </param>
    /// <param name="types">[nLocal] receives <see cref="Atoms.StructureType"/> numbers</param>
    void Identify(ParticleView particles, double range, int* types);
}
