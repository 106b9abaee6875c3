namespace Denoise.Trajectories.Compressed;

/// <summary>Ids of atoms in the order of a chunk: their steps, which in a crystal that was made row by row repeat.</summary>
internal static class IdCoder
{
    private const int MostLag = 8;
    private const int Samples = 512;

    public static void Write(ByteSink sink, IntegerCoder coder, ReadOnlySpan<long> ids)
    {
        (int best, double least) = (0, double.PositiveInfinity);
        for (int lag = 0; lag <= MostLag; lag++)
        {
            double bits = 0;
            for (int k = 0; k < Samples; k++)
            {
                int i = (int)((long)k * ids.Length / Samples);
                if (i < ids.Length)
                    bits += Math.Log2(1 + Math.Abs((double)(ids[i] - Expected(ids, lag, i))));
            }

            if (bits < least)
                (best, least) = (lag, bits);
        }

        sink.Byte(best);
        long[] rest = new long[ids.Length];
        for (int i = 0; i < rest.Length; i++)
            rest[i] = ids[i] - Expected(ids, best, i);
        coder.Encode(sink, rest);
    }

    public static void Read(ref ByteSource source, IntegerCoder coder, Span<long> ids)
    {
        int lag = source.Byte();
        if (lag > MostLag)
            throw new DamagedChunkException("its ids are predicted from too far away");
        coder.Decode(ref source, ids);
        for (int i = 0; i < ids.Length; i++)
            ids[i] += Expected(ids, lag, i);
    }

    /// <summary>The id before, and the step that was made so many atoms ago.</summary>
    private static long Expected(ReadOnlySpan<long> ids, int lag, int i)
    {
        if (i == 0)
            return 0;
        return ids[i - 1] + (lag > 0 && i > lag ? ids[i - lag] - ids[i - lag - 1] : 0);
    }
}
