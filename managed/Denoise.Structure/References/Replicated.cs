using Denoise.Atoms.Memory;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>Arrays that every rank holds whole: each rank fills its elements, the others are 0, and the sum over ranks is all.</summary>
internal static class Replicated
{
    // Longs that are summed at a time: a message of 8 MiB.
    private const int Chunk = 1 << 20;

    /// <summary>Collective.</summary>
    public static void Sum(AnalysisContext context, NativeBuffer<long> values)
    {
        if (context.Communicator.Size == 1)
            return;
        for (long first = 0; first < values.Length; first += Chunk)
            context.Sum(Slice(values, first, (int)Math.Min(Chunk, values.Length - first)));
    }

    private static unsafe Span<long> Slice(NativeBuffer<long> values, long first, int length) => new(values.Pointer + first, length);
}
