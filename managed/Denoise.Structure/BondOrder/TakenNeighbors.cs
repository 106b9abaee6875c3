using Denoise.Neighbors;

namespace Denoise.Structure.BondOrder;

/// <summary>The first of the nearest.</summary>
internal readonly ref struct TakenNeighbors(NearestNeighbors nearest, int count) : INeighborIndices
{
    private readonly NearestNeighbors _nearest = nearest;

    public int Count => count;

    public int this[int k] => _nearest.Index(k);
}
