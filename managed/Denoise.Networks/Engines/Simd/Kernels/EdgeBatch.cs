namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Up to <see cref="Capacity"/> edges of one atom with all that a convolution kernel reads of them, quantity after quantity. Behind
/// the last edge there are edges whose basis is zero up to a multiple of four, because a vector may hold up to four edges.
/// </summary>
internal unsafe struct EdgeBatch
{
    /// <summary>Edges at a time: all of a dense crystal's, and of one with a long cutoff a few batches.</summary>
    public const int Capacity = EdgeHarmonics.Capacity;

    /// <summary>Floats from x of an edge's unit vector, from the neighbor to the atom, to y and from y to z.</summary>
    public const int Next = Capacity;

    /// <summary>Floats from a basis function of the radial table to the next.</summary>
    public const int NextBasis = Capacity;

    /// <summary>Edges, padding not counted.</summary>
    public int Count;

    /// <summary>[edges] the neighbors' rows of features.</summary>
    public float** Rows;

    /// <summary>[3, Capacity] unit vectors.</summary>
    public float* Directions;

    /// <summary>[slots, Capacity] elements of coupling matrices, see <see cref="CouplingProgram"/>; of a layer that has some.</summary>
    public float* Couplings;

    /// <summary>Of the radial weights.</summary>
    public float* Table;

    /// <summary>Floats of a row of the table.</summary>
    public nint TableWidth;

    /// <summary>[edges] where the first of an edge's three rows of the table starts, in floats.</summary>
    public int* Offsets;

    /// <summary>[3, Capacity] basis functions of the radial table.</summary>
    public float* Basis;
}
