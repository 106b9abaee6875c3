using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// All channels of one irrep in a row of floats. Component m of channel u lies at <c>Offset + m * Channels + u</c>: channels
/// side by side, where e3nn keeps the components side by side, because channels are what fills the lanes.
/// </summary>
/// <param name="Irrep">degree and parity</param>
/// <param name="Offset">first float</param>
/// <param name="Channels">channels, padded to a multiple of four; the padding is zero</param>
internal readonly record struct IrrepGroup(Irrep Irrep, int Offset, int Channels)
{
    public int L => Irrep.L;

    public int Components => Irrep.Dimension;

    public int Length => Channels * Irrep.Dimension;

    public static int Pad(int channels) => (channels + 3) & ~3;
}
