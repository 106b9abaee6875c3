using System.Runtime.CompilerServices;

namespace Denoise.Networks.Engines.Simd.Tiles;

/// <summary>
/// Where the row of an atom or a ghost lies: rows of owned atoms are kept in tiles, pieces of memory for 2^shift consecutive atoms,
/// and a ghost that is an image of an owned atom has that atom's row.
/// </summary>
internal readonly unsafe struct FeatureRows
{
    /// <summary>Shift with which everything is in one tile.</summary>
    public const int OneTile = 31;

    private const int CacheLine = 64;

    private readonly float** _tiles;
    private readonly int* _rowOf;
    private readonly int _firstMapped;
    private readonly int _shift;
    private readonly nint _length;

    private FeatureRows(float** tiles, int shift, nint length, int* rowOf, int firstMapped, bool isAtHand)
    {
        _tiles = tiles;
        _rowOf = rowOf;
        (_shift, _length, _firstMapped) = (shift, length, firstMapped);
        LinesToFetch = isAtHand ? 0 : (int)(length * sizeof(float) + CacheLine - 1) / CacheLine;
    }

    /// <summary>Cache lines of a row that are worth fetching ahead.</summary>
    public int LinesToFetch { get; }

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

    /// <summary>The row of an atom or a ghost.</summary>
    public float* this[int atom]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int row = atom < _firstMapped ? atom : _rowOf[atom - _firstMapped];
            return _tiles[row >> _shift] + (row & ((1 << _shift) - 1)) * _length;
        }
    }
}
