using Denoise.Neighbors;

namespace Denoise.Structure.BondOrder;

/// <summary>All within a cutoff.</summary>
internal readonly struct ListedNeighbors(NeighborRow row) : INeighborIndices
{
    public int Count => row.Count;

    public int this[int k] => row[k];
}
