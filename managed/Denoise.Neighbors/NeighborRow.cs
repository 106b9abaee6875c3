using System.Runtime.CompilerServices;

namespace Denoise.Neighbors;

/// <summary>The neighbors of one atom: indices into the owned and ghost atoms. Borrowed from a <see cref="NeighborList"/>.</summary>
public readonly unsafe struct NeighborRow(int* indices, int count)
{
    /// <summary>[Count]</summary>
    public readonly int* Indices = indices;

    public readonly int Count = count;

    public int this[int k]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Indices[k];
    }

    public ReadOnlySpan<int> Span => new(Indices, Count);
}
