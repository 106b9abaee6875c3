using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Simd;

/// <summary>Bits of the vectors that an engine computes with.</summary>
public enum SimdWidth
{
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>What the processor that runs this can do.</summary>
public static class SimdWidths
{
    /// <summary>The widest that the hardware computes natively; 256 elsewhere, where the runtime splits vectors in software.</summary>
    public static SimdWidth Best => Vector512.IsHardwareAccelerated ? SimdWidth.Bits512 : SimdWidth.Bits256;
}
