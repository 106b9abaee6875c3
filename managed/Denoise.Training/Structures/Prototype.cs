using Denoise.Atoms;

namespace Denoise.Training.Structures;

/// <summary>A crystal structure of one species by its common name; lengths in units of the lattice parameter a.</summary>
/// <param name="Name">as users give it</param>
/// <param name="Description">what it is, with the Strukturbericht symbol and an example</param>
/// <param name="Cell">edge vectors of the conventional cell</param>
/// <param name="Sites">[atoms] fractional coordinates</param>
public sealed record Prototype(string Name, string Description, (Vec3 A, Vec3 B, Vec3 C) Cell, IReadOnlyList<Vec3> Sites);
