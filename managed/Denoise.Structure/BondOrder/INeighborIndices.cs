namespace Denoise.Structure.BondOrder;

/// <summary>The neighbors of an atom, in either way that they are found: code for both is compiled for each.</summary>
internal interface INeighborIndices
{
    int Count { get; }

    /// <summary>Index of the k-th among the owned and ghost atoms.</summary>
    int this[int k] { get; }
}
