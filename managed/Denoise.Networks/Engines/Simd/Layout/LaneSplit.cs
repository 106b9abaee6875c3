namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>Cuts channels into the runs that the kernels exist for: a full vector, then 8, then 4.</summary>
internal static class LaneSplit
{
    /// <summary>Channels of the next run.</summary>
    /// <param name="channels">those that are left, a multiple of four</param>
    /// <param name="width">vectors to use</param>
    public static int Take(int channels, SimdWidth width) => channels switch
    {
        >= 16 when width == SimdWidth.Bits512 => 16,
        >= 8 => 8,
        _ => 4,
    };
}
