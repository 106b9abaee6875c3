using System.Runtime.Intrinsics;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd;

/// <summary>Bits of the vectors that an engine computes with.</summary>
public enum SimdWidth
{
    Bits256 = 256,
    Bits512 = 512,
}

/// <summary>Which width to use.</summary>
public static class SimdWidths
{
    /// <summary>
    /// 512 bits where the processor has them and most channels fill them. Below 16 channels such a vector holds several edges, and
    /// gathering these costs more than the width saves: measured 25-40% slower for 4 and 8 channels (AMD Zen 4, which computes
    /// 512 bits in two halves).
    /// </summary>
    public static SimdWidth For(NequipModel model) =>
        Vector512.IsHardwareAccelerated && model.Hidden.All(hidden => hidden.Merged().All(block => block.Multiplicity >= 16))
            ? SimdWidth.Bits512
            : SimdWidth.Bits256;
}
