namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Up to <see cref="Capacity"/> edges of one atom, with all that a convolution kernel reads of them. The arrays belong to the
/// thread and are long enough to be read in whole vectors; behind the last edge up to a multiple of four there are edges of
/// weight zero, because a vector may hold up to four edges.
/// </summary>
internal unsafe struct EdgeBatch
{
    /// <summary>Edges at a time: their radial weights (32 edges x 96 weights x 4 bytes = 12 kB) stay in the first-level cache.</summary>
    public const int Capacity = 32;

    /// <summary>Edges, padding not counted.</summary>
    public int Count;

    /// <summary>[edge] features of the neighbor: its row of lin1(x, z).</summary>
    public float** Rows;

    /// <summary>[edge, WeightStride] radial weights of all paths.</summary>
    public float* Weights;

    /// <summary>Floats between the weights of two edges.</summary>
    public nint WeightStride;

    /// <summary>[edge] unit vector from the neighbor to the atom.</summary>
    public float* X;

    /// <inheritdoc cref="X"/>
    public float* Y;

    /// <inheritdoc cref="X"/>
    public float* Z;

    /// <summary>[5, Rank2Stride] S(e, e) of the unit vector, for S see <see cref="Sums"/>.</summary>
    public float* Rank2;

    /// <summary>Floats between two components of <see cref="Rank2"/>.</summary>
    public nint Rank2Stride;
}
