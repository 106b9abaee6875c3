namespace Denoise.Networks.Maps;

/// <summary>
/// Comparators of Batcher's odd-even merge sort (AFIPS 1968), by which eight columns of numbers are sorted at once. Those that reach beyond
/// the length are left out: there the largest would stand.
/// </summary>
internal static class SortingNetwork
{
    private static readonly ushort[][] OfLength = [.. Enumerable.Range(0, MapSettings.MostInBall + 2).Select(Make)];

    /// <summary>Pairs (low, high) as two numbers each: the smaller goes to low.</summary>
    /// <param name="length">numbers per column</param>
    public static ReadOnlySpan<ushort> Of(int length) => OfLength[length];

    private static ushort[] Make(int length)
    {
        List<ushort> pairs = [];
        int full = 1;
        while (full < length)
            full *= 2;
        for (int p = 1; p < full; p *= 2)
            for (int k = p; k >= 1; k /= 2)
                for (int j = k % p; j + k < full; j += 2 * k)
                    for (int i = 0; i < k && i + j + k < full; i++)
                        if ((i + j) / (2 * p) == (i + j + k) / (2 * p) && i + j + k < length)
                            pairs.AddRange([(ushort)(i + j), (ushort)(i + j + k)]);
        return [.. pairs];
    }
}
