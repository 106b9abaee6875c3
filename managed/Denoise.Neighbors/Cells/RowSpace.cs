namespace Denoise.Neighbors.Cells;

/// <summary>Memory that rows of a neighbor list can be written to, one after the other.</summary>
internal readonly unsafe struct RowSpace(int* pointer, long length)
{
    public readonly int* Pointer = pointer;
    public readonly long Length = length;

    /// <summary>What is left behind a row.</summary>
    public RowSpace After(int count) => new(Pointer + count, Length - count);
}
