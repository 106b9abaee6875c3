using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>The order of atoms in a block.</summary>
internal static class MortonOrder
{
    /// <summary>Rearranges rows so that those near each other in space are mostly near in the list (G. M. Morton, 1966).</summary>
    public static void Apply(Frame frame, Span<int> rows)
    {
        const int Bits = 20;
        if (rows.Length < 2)
            return;
        double[] low = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
        foreach (int row in rows)
            for (int a = 0; a < 3; a++)
                low[a] = Math.Min(low[a], frame.Positions[3L * row + a]);
        double side = 0;
        foreach (int row in rows)
            for (int a = 0; a < 3; a++)
                side = Math.Max(side, frame.Positions[3L * row + a] - low[a]);
        double scale = side > 0 ? ((1 << Bits) - 1) / side : 0;
        ulong[] keys = new ulong[rows.Length];
        for (int k = 0; k < rows.Length; k++)
            for (int a = 0; a < 3; a++)
                keys[k] |= Spread((ulong)((frame.Positions[3L * rows[k] + a] - low[a]) * scale)) << a;
        keys.AsSpan().Sort(rows);
    }

    private static ulong Spread(ulong x)
    {
        x = (x | x << 32) & 0x1f00000000ffff;
        x = (x | x << 16) & 0x1f0000ff0000ff;
        x = (x | x << 8) & 0x100f00f00f00f00f;
        x = (x | x << 4) & 0x10c30c30c30c30c3;
        return (x | x << 2) & 0x1249249249249249;
    }
}
