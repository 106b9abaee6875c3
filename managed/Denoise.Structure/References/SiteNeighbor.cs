using Denoise.Atoms;

namespace Denoise.Structure.References;

/// <summary>A neighbor of a site.</summary>
/// <param name="Site">its index</param>
/// <param name="Vector">to the image that is the neighbor, Å</param>
internal readonly record struct SiteNeighbor(int Site, Vec3 Vector);
