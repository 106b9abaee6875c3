namespace Denoise.Trajectories.Compressed;

/// <summary>Atoms in the order of the third index of their sites, the second, the first. Only encoders need it.</summary>
internal static class SiteOrder
{
    // Of the box around the sites, per atom: more of it is empty than is worth to be counted.
    private const int MostPlaces = 8;

    /// <param name="sites">[count, 3], less than 2^20 apart along each index</param>
    /// <param name="count">of atoms</param>
    public static int[] Of(int[] sites, int count)
    {
        Span<long> low = [long.MaxValue, long.MaxValue, long.MaxValue], high = [long.MinValue, long.MinValue, long.MinValue];
        for (int i = 0; i < count; i++)
            for (int a = 0; a < 3; a++)
                (low[a], high[a]) = (Math.Min(low[a], sites[3 * i + a]), Math.Max(high[a], sites[3 * i + a]));
        long width = high[0] - low[0] + 1, depth = high[1] - low[1] + 1, places = width * depth * (high[2] - low[2] + 1);
        long[] keys = new long[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            (order[i], keys[i]) = (i, ((sites[3 * i + 2] - low[2]) * depth + sites[3 * i + 1] - low[1]) * width + sites[3 * i] - low[0]);
        if (places > (long)MostPlaces * count)
        {
            Array.Sort(keys, order);
            return order;
        }

        int[] first = new int[places + 1];
        foreach (long key in keys)
            first[key + 1]++;
        for (int k = 1; k < first.Length; k++)
            first[k] += first[k - 1];
        for (int i = 0; i < count; i++)
            order[first[keys[i]]++] = i;
        return order;
    }
}
