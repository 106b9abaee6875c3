namespace Denoise.Neighbors.Cells;

/// <summary>What a chunk of the search for neighbors found.</summary>
internal struct ChunkSummary
{
    public AtomPair Closest;
    public long Pairs;
    public int LargestRow;
}
