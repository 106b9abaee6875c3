using Denoise.Atoms;

namespace Denoise.Training.Structures.Ice;

/// <summary>An ice by its oxygens and hydrogen bonds.</summary>
/// <param name="Box">unit cell, Å</param>
/// <param name="Oxygens">[molecules] fractional</param>
/// <param name="Bonds">two per molecule, every one once; empty where the hydrogens have places</param>
/// <param name="Directions">[molecules, 2] of the O-H bonds, Cartesian, of any length; empty where they are disordered</param>
internal sealed record IceCell(Box Box, IReadOnlyList<Vec3> Oxygens, IReadOnlyList<HydrogenBond> Bonds, IReadOnlyList<Vec3> Directions)
{
    public bool IsDisordered => Directions.Count == 0;
}
