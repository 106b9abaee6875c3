using Denoise.Atoms;

namespace Denoise.Structure.Soap;

/// <summary>An ideal structure to compare with.</summary>
/// <param name="Name">that atoms get</param>
/// <param name="Box">periodic where it is; Å</param>
/// <param name="Positions">[atoms] Å</param>
/// <param name="Species">[atoms] by density, from 0; those of the first are described</param>
public sealed record ReferenceStructure(string Name, Box Box, IReadOnlyList<Vec3> Positions, IReadOnlyList<int> Species);
