namespace Denoise.Atoms;

/// <summary>Rows of atoms by their ids.</summary>
public static class IdOrder
{
    /// <summary>[atoms] the rows from the lowest id to the highest; equal ids stay as they are.</summary>
    public static int[] Of(ReadOnlySpan<long> ids)
    {
        int[] rows = new int[ids.Length];
        bool isOrdered = true;
        for (int i = 0; i < ids.Length; i++)
        {
            rows[i] = i;
            isOrdered &= i == 0 || ids[i - 1] <= ids[i];
        }

        if (isOrdered)
            return rows;
        long[] keys = ids.ToArray();
        Array.Sort(keys, rows);
        for (int begin = 0, end = 0; begin < keys.Length; begin = end)
        {
            while (end < keys.Length && keys[end] == keys[begin])
                end++;
            if (end - begin > 1)
                rows.AsSpan(begin, end - begin).Sort();
        }

        return rows;
    }
}
