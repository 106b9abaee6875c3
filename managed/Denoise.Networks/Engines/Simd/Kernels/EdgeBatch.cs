namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Up to <see cref="Capacity"/> edges of one atom with all that a convolution kernel reads of them, edge after edge:
/// <code>
/// floats 0-1    address of the neighbor's row of features
///        2      interval of the radial table, an integer
///        4-6    unit vector from the neighbor to the atom
///        8-11   basis functions of the radial table
///        16-    radial weights, in the order in which the kernels read them
/// </code>
/// Behind the last edge there are edges of weight zero up to a multiple of four, because a vector may hold up to four edges.
/// </summary>
internal unsafe struct EdgeBatch
{
    /// <summary>Edges at a time: their records (32 edges x 112 floats x 4 bytes = 14 kB) stay in the first-level cache.</summary>
    public const int Capacity = 32;

    /// <summary>Float of a record that holds the interval.</summary>
    public const int Interval = 2;

    /// <summary>Float of a record where the basis functions start.</summary>
    public const int Basis = 8;

    /// <summary>Float of a record where the unit vector starts.</summary>
    public const int Direction = 4;

    /// <summary>Float of a record where the weights start: a cache line of its own keeps them aligned.</summary>
    public const int Weights = 16;

    /// <summary>Edges, padding not counted.</summary>
    public int Count;

    /// <summary>[Count, Stride]</summary>
    public float* Records;

    /// <summary>Floats of a record.</summary>
    public nint Stride;
}
