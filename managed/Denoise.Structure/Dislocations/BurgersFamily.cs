using Denoise.Atoms;

namespace Denoise.Structure.Dislocations;

/// <summary>Burgers vectors that are equal by symmetry.</summary>
/// <param name="Name">in lower case with underscores</param>
/// <param name="Vectors">lattice parameters</param>
internal sealed record BurgersFamily(string Name, Vec3[] Vectors);
