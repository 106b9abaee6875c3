using System.Runtime.Intrinsics.X86;

namespace Denoise.Networks.Engines.Simd.Tiles;

/// <summary>
/// Where the row of an atom or a ghost lies: rows of owned atoms are kept in tiles, pieces of memory for 2^shift consecutive atoms,
/// and a ghost that is an image of an owned atom has that atom's row.
/// </summary>
internal readonly unsafe struct FeatureRows
{
    /// <summary>Shift with which everything is in one tile.</summary>
    public const int OneTile = 31;

    // Rows at a time.
    private const int Lanes = 4;

    private const int CacheLine = 64;

    private readonly float** _tiles;
    private readonly int* _rowOf;
    private readonly int _firstMapped;
    private readonly int _shift;
    private readonly nint _length;
    private readonly nint _fetched;

    private FeatureRows(float** tiles, int shift, nint length, int* rowOf, int firstMapped, bool isAtHand)
    {
        _tiles = tiles;
        _rowOf = rowOf;
        (_shift, _length, _firstMapped) = (shift, length, firstMapped);
        _fetched = isAtHand ? 0 : length * sizeof(float);
    }

    /// <summary>Rows of owned atoms in tiles; ghosts use those of their owners.</summary>
    /// <param name="tiles">first row of each tile</param>
    /// <param name="shift">tiles hold 2^shift atoms</param>
    /// <param name="length">floats of a row</param>
    /// <param name="owners">[ghosts] the owned atom of each</param>
    /// <param name="localCount">owned atoms</param>
    public static FeatureRows Tiled(float** tiles, int shift, nint length, int* owners, int localCount) =>
        new(tiles, shift, length, owners, localCount, isAtHand: false);

    /// <summary>One row per atom and ghost, one after the other.</summary>
    /// <param name="rows">the address of the first row</param>
    /// <param name="length">floats of a row</param>
    public static FeatureRows Contiguous(float** rows, nint length) => new(rows, OneTile, length, null, int.MaxValue, isAtHand: false);

    /// <summary>One row per species: few, and always in the cache.</summary>
    /// <param name="rows">the address of the first row</param>
    /// <param name="length">floats of a row</param>
    /// <param name="species">[atoms and ghosts]</param>
    public static FeatureRows OfSpecies(float** rows, nint length, int* species) => new(rows, OneTile, length, species, 0, isAtHand: true);

    /// <summary>
    /// The rows of atoms and ghosts; they are fetched from wherever they are, because they will be read soon. The default finds none.
    /// </summary>
    /// <param name="atoms">[count rounded up to four]</param>
    /// <param name="count">of them</param>
    /// <param name="rows">[count rounded up to four] receives their rows</param>
    public void Find(int* atoms, int count, float** rows)
    {
        float** tiles = _tiles;
        if (tiles == null)
            return;
        int* rowOf = _rowOf;
        int shift = _shift, mask = (1 << shift) - 1, firstMapped = _firstMapped;
        nint bytes = _length * sizeof(float), fetched = _fetched;
        for (int n = 0; n < count; n += Lanes)
        {
            byte* r0 = Row(atoms[n]), r1 = Row(atoms[n + 1]), r2 = Row(atoms[n + 2]), r3 = Row(atoms[n + 3]);
            rows[n] = (float*)r0;
            rows[n + 1] = (float*)r1;
            rows[n + 2] = (float*)r2;
            rows[n + 3] = (float*)r3;
            if (Sse.IsSupported)
                for (nint at = 0; at < fetched; at += CacheLine)
                {
                    Sse.Prefetch0(r0 + at);
                    Sse.Prefetch0(r1 + at);
                    Sse.Prefetch0(r2 + at);
                    Sse.Prefetch0(r3 + at);
                }
        }

        byte* Row(int row)
        {
            if (row >= firstMapped)
                row = rowOf[row - firstMapped];
            return (byte*)tiles[row >> shift] + (row & mask) * bytes;
        }
    }
}
