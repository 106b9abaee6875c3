namespace Denoise.Atoms;

/// <summary>Rows of atoms by their ids.</summary>
public static class IdOrder
{
    /// <summary>[atoms] the rows from the lowest id to the highest; equal ids stay as they are.</summary>
    public static int[] Of(ReadOnlySpan<long> ids)
    {
        int[] rows = new int[ids.Length];
        (long, int)[] keys = new (long, int)[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            (rows[i], keys[i]) = (i, (ids[i], i));
        Array.Sort(keys, rows);
        return rows;
    }
}
