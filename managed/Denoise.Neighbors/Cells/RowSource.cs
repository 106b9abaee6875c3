namespace Denoise.Neighbors.Cells;

/// <summary>Where a worker left the row of an atom.</summary>
internal struct RowSource
{
    public long Offset;
    public int Count;
    public int Worker;
}
