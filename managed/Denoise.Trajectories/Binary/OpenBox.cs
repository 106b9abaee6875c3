using Denoise.Atoms;

namespace Denoise.Trajectories.Binary;

/// <summary>A box for atoms of a file that has none.</summary>
internal static class OpenBox
{
    private const double Margin = 1;

    /// <summary>Not periodic, with some room around the atoms.</summary>
    public static Box Around(Frame frame)
    {
        double[] low = [0, 0, 0], high = [0, 0, 0];
        for (int i = 0; i < frame.Count; i++)
            for (int a = 0; a < 3; a++)
            {
                double x = frame.Positions[3L * i + a];
                (low[a], high[a]) = i == 0 ? (x, x) : (Math.Min(low[a], x), Math.Max(high[a], x));
            }

        Box box = Box.Orthogonal(
            high[0] - low[0] + 2 * Margin, high[1] - low[1] + 2 * Margin, high[2] - low[2] + 2 * Margin, periodic: false);
        return box with { Origin = new(low[0] - Margin, low[1] - Margin, low[2] - Margin) };
    }
}
