using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>A column of a chunk as whole numbers.</summary>
internal sealed class ColumnData
{
    private enum From
    {
        Nothing,
        AtomBefore,
        FrameBefore,
    }

    private const int Samples = 256;

    public ColumnKind Kind { get; private set; }

    public Grid Grid { get; private set; }

    public List<string> Words { get; } = [];

    public long[] Values { get; private set; } = [];

    /// <summary>Takes values of a frame.</summary>
    /// <param name="column">of the frame</param>
    /// <param name="rows">its atoms</param>
    /// <param name="bound">of a real column; 0: bit for bit</param>
    public void Take(FrameColumn column, ReadOnlySpan<int> rows, double bound)
    {
        Kind = column.Kind;
        Words.Clear();
        long[] values = Values = new long[rows.Length];
        switch (Kind)
        {
            case ColumnKind.Integer:
                for (int i = 0; i < values.Length; i++)
                    values[i] = column.Integers[rows[i]];
                break;
            case ColumnKind.Real:
                double[] reals = new double[rows.Length];
                double largest = 0;
                for (int i = 0; i < reals.Length; i++)
                {
                    reals[i] = column.Reals[rows[i]];
                    // NaN, too, ends the search for the largest.
                    largest = Math.Abs(reals[i]) <= largest ? largest : Math.Abs(reals[i]);
                }

                Grid = bound > 0 && largest / bound < Grid.Largest ? Grid.OfBound(bound) : Grid.Lossless(reals);
                for (int i = 0; i < values.Length; i++)
                    values[i] = Grid.Whole(reals[i]);
                break;
            default:
                Dictionary<long, int> local = [];
                for (int i = 0; i < values.Length; i++)
                {
                    long code = column.WordCodes[rows[i]];
                    if (!local.TryGetValue(code, out int word))
                    {
                        local[code] = word = Words.Count;
                        Words.Add(column.Words[(int)code]);
                    }

                    values[i] = word;
                }

                break;
        }
    }

    /// <param name="before">values of the frame before; null: there is none</param>
    /// <returns>whether a decoder needs them</returns>
    public bool Write(ByteSink sink, IntegerCoder coder, long[]? before)
    {
        if (Kind == ColumnKind.Real)
        {
            sink.Byte((int)Grid.Kind);
            sink.Double(Grid.Scale);
        }
        else if (Kind == ColumnKind.Text)
        {
            sink.Whole((ulong)Words.Count);
            foreach (string word in Words)
                sink.Text(word);
        }

        From from = Cheapest(before);
        sink.Byte((int)from);
        long[] rest = new long[Values.Length];
        for (int i = 0; i < rest.Length; i++)
            rest[i] = Values[i] - Expected(from, Values, before, i);
        coder.Encode(sink, rest);
        return from == From.FrameBefore;
    }

    public void Read(ref ByteSource source, IntegerCoder coder, ColumnKind kind, int count, long[]? before)
    {
        Kind = kind;
        Words.Clear();
        if (kind == ColumnKind.Real)
        {
            Grid = ReadGrid(ref source);
        }
        else if (kind == ColumnKind.Text)
        {
            for (int words = source.Count(count); words > 0; words--)
                Words.Add(source.Text());
        }

        From from = (From)source.Byte();
        if (from > From.FrameBefore || (from == From.FrameBefore && before is null))
            throw new DamagedChunkException("a column is predicted from nothing");
        long[] values = Values = new long[count];
        coder.Decode(ref source, values);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += Expected(from, values, before, i);
            if (kind == ColumnKind.Text && (ulong)values[i] >= (ulong)Words.Count)
                throw new DamagedChunkException("a word has no text");
        }
    }

    public static Grid ReadGrid(ref ByteSource source)
    {
        GridKind kind = (GridKind)source.Byte();
        double scale = source.Finite();
        if (kind > GridKind.Bits || !(scale > 0) || (kind == GridKind.Bits && scale != 1))
            throw new DamagedChunkException("a grid is impossible");
        return new(kind, scale);
    }

    private static long Expected(From from, long[] values, long[]? before, int i) => from switch
    {
        From.AtomBefore => i > 0 ? values[i - 1] : 0,
        From.FrameBefore => before![i],
        _ => 0,
    };

    private From Cheapest(long[]? before)
    {
        (From best, double least) = (From.Nothing, double.PositiveInfinity);
        for (From from = From.Nothing; from <= (before is null ? From.AtomBefore : From.FrameBefore); from++)
        {
            double bits = 0;
            for (int k = 0; k < Samples; k++)
            {
                int i = (int)((long)k * Values.Length / Samples);
                if (i < Values.Length)
                    bits += Math.Log2(1 + Math.Abs((double)(Values[i] - Expected(from, Values, before, i))));
            }

            if (bits < least)
                (best, least) = (from, bits);
        }

        return best;
    }
}
