namespace Denoise.Networks.Maps;

/// <summary>
/// Images of neighborhoods by their definition, in double precision, of all atoms in open space: the oracle of <see cref="MapImage"/>.
/// </summary>
public static class ReferenceMapImage
{
    /// <summary>The image of one atom, [row, column, channel].</summary>
    /// <param name="settings">reach and weights</param>
    /// <param name="positions">of the atom first, then of all others, Å</param>
    /// <param name="species">of the same</param>
    /// <param name="unit">typical distance, Å</param>
    public static double[] Of(
        MapSettings settings, IReadOnlyList<(double X, double Y, double Z)> positions, IReadOnlyList<int> species, double unit)
    {
        double Distance(int a, int b) => Math.Sqrt(
            Math.Pow(positions[a].X - positions[b].X, 2) + Math.Pow(positions[a].Y - positions[b].Y, 2) + Math.Pow(positions[a].Z - positions[b].Z, 2)) / unit;

        int[] ball =
        [
            0, .. Enumerable.Range(1, positions.Count - 1).Where(k => Distance(0, k) < settings.Reach).OrderBy(k => Distance(0, k))
                .Take(MapSettings.MostInBall),
        ];
        double[] image = new double[settings.Length];
        for (int row = 0; row < Math.Min(MapSettings.Size, ball.Length); row++)
        {
            int center = ball[row];
            int[] others = [.. ball.Where(k => k != center).OrderBy(k => Distance(center, k)).Take(MapSettings.Size)];
            double weight = row == 0 ? 1 : Math.Pow(Distance(0, center), -1.0 / 3);
            for (int column = 0; column < others.Length; column++)
                for (int c = 0; c < settings.Channels; c++)
                    image[(row * MapSettings.Size + column) * settings.Channels + c] =
                        weight * Math.Pow(Distance(center, others[column]), -2) * (c == 0 ? 1
                            : settings.Weights[c - 1][species[center]] * settings.Weights[c - 1][species[others[column]]]);
        }

        return image;
    }
}
