using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>Cuts the atoms of a frame into blocks of space: halves along the longest side, again and again.</summary>
internal static class Blocks
{
    /// <summary>Ranges of <paramref name="rows"/>, which are rearranged.</summary>
    /// <param name="rows">of the frame</param>
    /// <param name="largest">atoms of a block</param>
    public static List<(int Begin, int Count)> Cut(Frame frame, int[] rows, int largest)
    {
        List<(int, int)> blocks = [];
        double[] keys = new double[rows.Length];
        Halve(0, rows.Length);
        return blocks;

        void Halve(int begin, int count)
        {
            if (count <= largest)
            {
                if (count > 0)
                    blocks.Add((begin, count));
                return;
            }

            int axis = LongestSide(frame, rows.AsSpan(begin, count));
            for (int k = begin; k < begin + count; k++)
                keys[k] = frame.Positions[3L * rows[k] + axis];
            keys.AsSpan(begin, count).Sort(rows.AsSpan(begin, count));
            int half = count / 2;
            Halve(begin, half);
            Halve(begin + half, count - half);
        }
    }

    /// <summary>Rearranges rows so that those near each other in space are mostly near in the list (G. M. Morton, 1966).</summary>
    public static void Order(Frame frame, Span<int> rows)
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

    private static int LongestSide(Frame frame, ReadOnlySpan<int> rows)
    {
        int longest = 0;
        double side = -1;
        for (int a = 0; a < 3; a++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            foreach (int row in rows)
            {
                double x = frame.Positions[3L * row + a];
                (low, high) = (Math.Min(low, x), Math.Max(high, x));
            }

            if (high - low > side)
                (longest, side) = (a, high - low);
        }

        return longest;
    }
}
