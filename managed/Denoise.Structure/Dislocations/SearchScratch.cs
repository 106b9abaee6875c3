using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.Dislocations;

/// <summary>What one thread finds around atoms.</summary>
internal sealed class SearchScratch : IDisposable
{
    public NativeBuffer<NearAtom> Near { get; } = new();

    public NativeBuffer<Vec3> Vectors { get; } = new();

    /// <summary>One for each of so many threads.</summary>
    public static SearchScratch[] ForThreads(int count) => [.. Enumerable.Range(0, count).Select(_ => new SearchScratch())];

    public void Dispose()
    {
        Near.Dispose();
        Vectors.Dispose();
    }
}
