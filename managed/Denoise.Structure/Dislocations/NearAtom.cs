using Denoise.Atoms;

namespace Denoise.Structure.Dislocations;

/// <summary>An atom close to a point.</summary>
/// <param name="Index">among the owned and ghost atoms</param>
/// <param name="Vector">from the point, Å</param>
internal readonly record struct NearAtom(int Index, Vec3 Vector);
