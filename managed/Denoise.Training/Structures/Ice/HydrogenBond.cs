using Denoise.Atoms;

namespace Denoise.Training.Structures.Ice;

/// <summary>Between two oxygens.</summary>
/// <param name="From">one</param>
/// <param name="To">the other; in crystals of small cells the same by another image</param>
/// <param name="Vector">to the other, Å</param>
internal readonly record struct HydrogenBond(int From, int To, Vec3 Vector);
