namespace Denoise.Neighbors;

/// <summary>
/// Borrowed positions: owned atoms first, then ghosts, in open space. Periodicity never reaches this level: whoever owns the
/// box adds the images that matter as ghosts (LAMMPS its own, <see cref="GhostShell"/> on one process).
/// </summary>
/// <param name="positions">[nLocal + nGhost, 3], row-major, Å</param>
/// <param name="localCount">atoms whose neighbors are wanted</param>
/// <param name="ghostCount">further atoms that can be neighbors</param>
public readonly unsafe struct ParticleView(double* positions, int localCount, int ghostCount)
{
    public readonly double* Positions = positions;
    public readonly int LocalCount = localCount;
    public readonly int GhostCount = ghostCount;

    public int Count => LocalCount + GhostCount;
}
