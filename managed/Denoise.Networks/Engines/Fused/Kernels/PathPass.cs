namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>
/// A vector of channels of one path of the convolution: where its numbers lie. Channel u of component m of atom i lies at
/// <c>i * stride + m * Channels</c> behind the pointers, which include the first channel.
/// </summary>
internal unsafe struct PathPass
{
    /// <summary>h of all atoms</summary>
    public float* Input;

    /// <summary>adjoint of h, of the atoms of the tile at hand</summary>
    public float* InputAdj;

    /// <summary>sums over edges of all atoms</summary>
    public float* Sums;

    /// <summary>their adjoints</summary>
    public float* SumsAdj;

    /// <summary>(-1)^l2: what a coupling is multiplied by where the direction is the opposite.</summary>
    public float OppositeSign;

    public nint InputStride;

    public nint SumStride;

    /// <summary>Floats between components, the same in and out.</summary>
    public nint Channels;

    /// <summary>First column of its radial weights.</summary>
    public nint Weight;

    /// <summary>First slot of its coupling matrix [m3, m1].</summary>
    public nint Coupling;
}
