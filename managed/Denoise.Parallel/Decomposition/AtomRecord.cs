using Denoise.Atoms;

namespace Denoise.Parallel.Decomposition;

/// <summary>An atom as it travels between processes.</summary>
internal readonly struct AtomRecord(Vec3 position, long id, int type)
{
    public readonly Vec3 Position = position;
    public readonly long Id = id;
    public readonly int Type = type;
}
