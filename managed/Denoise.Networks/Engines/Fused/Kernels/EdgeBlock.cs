using Denoise.Networks.Engines.Simd;

namespace Denoise.Networks.Engines.Fused.Kernels;

/// <summary>Up to <see cref="Capacity"/> edges of one atom, as the kernels see them.</summary>
internal unsafe struct EdgeBlock
{
    public const int Capacity = EdgeHarmonics.Capacity;

    public int Count;

    /// <summary>Whether they are the atom's first: its sums are written then, and added to later.</summary>
    public bool IsFirst;

    /// <summary>[Count] atom at the other end</summary>
    public int* Neighbors;

    /// <summary>[slot, Capacity] elements of the paths' coupling matrices, see <see cref="CouplingProgram"/></summary>
    public float* Couplings;

    /// <summary>[Count, WeightStride] radial weights</summary>
    public float* Weights;

    /// <summary>[Count, WeightStride] their adjoints</summary>
    public float* WeightsAdj;

    /// <summary>[Count, WeightStride] radial weights by the distance, 1/Å</summary>
    public float* Slopes;

    /// <summary>[Count, <see cref="PositionKernels.SumsPerEdge"/>]</summary>
    public float* PositionSums;

    public nint WeightStride;
}
