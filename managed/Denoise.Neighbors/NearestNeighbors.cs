namespace Denoise.Neighbors;

/// <summary>
/// Neighbors of one atom, nearest first, equal distances by index. Borrowed: valid during the visit. Every array may be read up to
/// a multiple of 8 (and at least 16 elements); what lies past the count is arbitrary.
/// </summary>
public readonly unsafe ref struct NearestNeighbors(
    int count, bool isFinal, double beyond, double* squares, double* x, double* y, double* z, int* indices)
{
    /// <summary>Number of neighbors at hand: more or fewer than were asked for.</summary>
    public readonly int Count = count;

    /// <summary>Whether there will be no second visit: as many as asked for are at hand, or all there are.</summary>
    public readonly bool IsFinal = isFinal;

    /// <summary>Squared distance, Å^2, that every atom not listed has at least; infinite where nothing else exists.</summary>
    public readonly double Beyond = beyond;

    /// <summary>[Count] squared distances, Å^2: dx^2 + dy^2 + dz^2 in this order.</summary>
    public readonly double* Squares = squares;

    /// <summary>[Count] r_neighbor - r_atom, Å.</summary>
    public readonly double* X = x;

    public readonly double* Y = y;

    public readonly double* Z = z;

    /// <summary>[Count] indices into the owned and ghost atoms.</summary>
    public readonly int* Indices = indices;
}
