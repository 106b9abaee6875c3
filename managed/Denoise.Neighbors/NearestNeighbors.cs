using System.Runtime.CompilerServices;

namespace Denoise.Neighbors;

/// <summary>
/// Neighbors of one atom, nearest first, equal distances by x, y, z. Borrowed: valid during the visit. Every array may be read up to
/// a multiple of 8 (and at least 16 elements); what lies past the count is arbitrary.
/// </summary>
public readonly unsafe ref struct NearestNeighbors
{
    private readonly int* _slots;
    private readonly int* _atoms;

    internal NearestNeighbors(
        int count, bool isFinal, double beyond, double* squares, double* x, double* y, double* z, int* slots, int* atoms)
    {
        (Count, IsFinal, Beyond) = (count, isFinal, beyond);
        Squares = squares;
        X = x;
        Y = y;
        Z = z;
        _slots = slots;
        _atoms = atoms;
    }

    /// <summary>Number of neighbors at hand: more or fewer than were asked for.</summary>
    public readonly int Count;

    /// <summary>Whether there will be no second visit: as many as asked for are at hand, or all there are.</summary>
    public readonly bool IsFinal;

    /// <summary>Squared distance, Å^2, that every atom not listed has at least; infinite where nothing else exists.</summary>
    public readonly double Beyond;

    /// <summary>[Count] squared distances, Å^2: dx^2 + dy^2 + dz^2 in this order.</summary>
    public readonly double* Squares;

    /// <summary>[Count] r_neighbor - r_atom, Å.</summary>
    public readonly double* X;

    public readonly double* Y;

    public readonly double* Z;

    /// <summary>Index of neighbor <paramref name="k"/> among the owned and ghost atoms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Index(int k) => _atoms[_slots[k]];
}
