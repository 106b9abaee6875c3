namespace Denoise.Networks.Engines.Simd.Kernels;

/// <summary>
/// Up to <see cref="Capacity"/> edges of one atom with all that a convolution kernel reads of them, quantity after quantity. Behind
/// the last edge there are edges of weight zero up to a multiple of four, because a vector may hold up to four edges.
/// </summary>
internal unsafe struct EdgeBatch
{
    /// <summary>Edges at a time: their weights (32 edges x 96 floats x 4 bytes = 12 kB) stay in the first-level cache.</summary>
    public const int Capacity = 32;

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

    /// <summary>[edges] intervals of the radial table.</summary>
    public int* Intervals;

    /// <summary>[4, Capacity] basis functions of the radial table.</summary>
    public float* Basis;

    /// <summary>[edges, WeightStride] radial weights, in the order in which the kernels read them.</summary>
    public float* Weights;

    /// <summary>Floats from the weights of an edge to those of the next.</summary>
    public nint WeightStride;
}
