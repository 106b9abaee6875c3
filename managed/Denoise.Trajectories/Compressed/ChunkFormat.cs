using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Denoise.Trajectories.Compressed;

/// <summary>The bytes of a chunk up to its columns; docs/dnz.md has the order.</summary>
internal sealed class ChunkFormat
{
    // Beyond these an index could not be told from its neighbor's in the hash of sites.
    public const int LargestSite = 1 << 20;

    private long[] _scratch = [];

    public IntegerCoder Integers { get; } = new();

    public void Write(
        ByteSink sink, ChunkFlags flags, ChunkState state, long[] types, ChunkModel model, PositionCoder coder, ReadOnlySpan<int> steps,
        ReadOnlySpan<long> residuals)
    {
        sink.Whole((ulong)state.Count);
        sink.Byte((int)flags);
        WriteExtent(sink, coder.Low, coder.High);
        bool isKey = flags.HasFlag(ChunkFlags.Key), isLattice = flags.HasFlag(ChunkFlags.Lattice);
        if (flags.HasFlag(ChunkFlags.Ids))
            IdCoder.Write(sink, Integers, state.Ids);
        if (flags.HasFlag(ChunkFlags.Types))
            Integers.Encode(sink, types);
        if (isLattice)
        {
            sink.Byte(steps.Length / 3);
            foreach (int step in steps)
                sink.Signed(step);
            for (int axis = 2; axis >= 0; axis--)
                Integers.Encode(sink, SiteSteps(state, axis));
        }

        if (!isKey || isLattice)
        {
            foreach (float f in model.Affine)
                sink.Single(f);
            foreach (double t in model.Offset)
                sink.Double(t);
        }

        if (!isKey || isLattice)
        {
            sink.Byte(model.Field.Degree);
            if (model.UsesField)
            {
                sink.Double(model.Field.Step);
                Integers.Encode(sink, model.Field.Coefficients);
            }
        }

        if (flags.HasFlag(ChunkFlags.Time))
            foreach (float w in model.Times)
                sink.Single(w);
        if (flags.HasFlag(ChunkFlags.Neighbors))
            for (int k = 0; k < state.Neighbors; k++)
                sink.Single(model.Weights[k]);
        for (int a = 0; a < 3; a++)
            if (model.Folds[a])
                sink.Single(model.Margins[a]);
        sink.Byte((int)model.Grid.Kind);
        sink.Double(model.Grid.Scale);
        WriteSpecials(sink, coder.Specials);
        sink.Whole((ulong)coder.Crossings.Count);
        Integers.Encode(sink, CollectionsMarshal.AsSpan(coder.Crossings));
        Integers.Encode(sink, residuals);
    }

    /// <param name="most">atoms that the chunk may have</param>
    public static (int Count, ChunkFlags Flags) ReadHead(ref ByteSource source, int most)
    {
        int count = source.Count(most);
        ChunkFlags flags = (ChunkFlags)source.Byte();
        for (int k = 0; k < 6; k++)
            _ = source.FiniteSingle();
        return (count, flags);
    }

    /// <summary>Reads what is behind the head, into the state and the model; returns what the positions are made from.</summary>
    public ReadOnlySpan<long> Read(
        ref ByteSource source, ChunkFlags flags, int count, ChunkState state, ChunkModel model, PositionCoder coder, out long[] types)
    {
        bool isKey = flags.HasFlag(ChunkFlags.Key), isLattice = flags.HasFlag(ChunkFlags.Lattice);
        model.Clear();
        if (isKey)
        {
            state.Begin(count);
            state.IsLattice = isLattice;
            state.Ids = [];
        }

        if (flags.HasFlag(ChunkFlags.Ids))
        {
            state.Ids = new long[count];
            IdCoder.Read(ref source, Integers, state.Ids);
        }

        types = state.Types;
        if (flags.HasFlag(ChunkFlags.Types))
        {
            types = new long[count];
            Integers.Decode(ref source, types);
            if (Array.Exists(types, type => type is < 1 or > int.MaxValue))
                throw new DamagedChunkException("its types are none");
        }

        // Those of the key hold where a later frame has no others.
        if (isKey)
            state.Types = types;
        if (types.Length != count)
            throw new DamagedChunkException("its types are none");
        if (isLattice)
            ReadSites(ref source, state);
        else if (isKey)
            ChainNeighbors(state, model);
        if (!isKey || isLattice)
        {
            for (int k = 0; k < model.Affine.Length; k++)
                model.Affine[k] = source.FiniteSingle();
            for (int k = 0; k < model.Offset.Length; k++)
                model.Offset[k] = source.Finite();
            ReadField(ref source, state, model.Field);
        }

        if (flags.HasFlag(ChunkFlags.Time))
            for (int k = 0; k < model.Times.Length; k++)
                model.Times[k] = source.FiniteSingle();
        if (flags.HasFlag(ChunkFlags.Neighbors))
        {
            model.UsesNeighbors = true;
            for (int k = 0; k < state.Neighbors; k++)
                model.Weights[k] = source.FiniteSingle();
        }

        for (int a = 0; a < 3; a++)
            model.Margins[a] = model.Folds[a] ? source.FiniteSingle() : 0;
        model.Grid = ColumnData.ReadGrid(ref source);
        ReadSpecials(ref source, coder.Specials, count);
        CollectionsMarshal.SetCount(coder.Crossings, source.Count(3 * count));
        Integers.Decode(ref source, CollectionsMarshal.AsSpan(coder.Crossings));
        // A decoder looks at one more.
        Span<long> residuals = Scratch(3 * count + 1)[..(3 * count)];
        Integers.Decode(ref source, residuals);
        return residuals;
    }

    /// <summary>Without a lattice every atom of a key is predicted to be where the one before it is.</summary>
    public static void ChainNeighbors(ChunkState state, ChunkModel model)
    {
        state.ChainNeighbors();
        model.UsesNeighbors = true;
        model.Weights[0] = 1;
    }

    private void ReadField(ref ByteSource source, ChunkState state, SmoothField field)
    {
        field.Degree = source.Count(SmoothField.MostDegree);
        if (field.Degree == 0)
            return;
        field.Step = source.Finite();
        field.Coefficients = new long[3 * field.Terms];
        Integers.Decode(ref source, field.Coefficients);
        field.Evaluate(state);
    }

    private Span<long> Scratch(int length)
    {
        if (_scratch.Length < length)
            _scratch = new long[length];
        return _scratch.AsSpan(0, length);
    }

    private Span<long> SiteSteps(ChunkState state, int axis)
    {
        Span<long> steps = Scratch(state.Count);
        long before = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            long site = (long)state.Sites[4L * i + axis];
            (steps[i], before) = (site - before, site);
        }

        return steps;
    }

    private void ReadSites(ref ByteSource source, ChunkState state)
    {
        int neighbors = source.Count(ChunkState.MostNeighbors);
        Span<int> steps = stackalloc int[3 * ChunkState.MostNeighbors];
        for (int k = 0; k < 3 * neighbors; k++)
            steps[k] = source.Signed() is >= -LargestSite and <= LargestSite and var step
                ? (int)step : throw new DamagedChunkException("a step is too long");
        for (int axis = 2; axis >= 0; axis--)
        {
            Span<long> values = Scratch(state.Count);
            Integers.Decode(ref source, values);
            long site = 0;
            for (int i = 0; i < values.Length; i++)
            {
                site += values[i];
                if (site is < -LargestSite or > LargestSite)
                    throw new DamagedChunkException("a site is too far away");
                state.Sites[4L * i + axis] = site;
            }
        }

        if (!state.FindNeighbors(steps[..(3 * neighbors)]))
            throw new DamagedChunkException("its lattice is nearly empty");
        state.MeasureSites();
    }

    /// <summary>Lowest and highest coordinates, rounded outwards.</summary>
    private static void WriteExtent(ByteSink sink, Vector256<double> low, Vector256<double> high)
    {
        for (int a = 0; a < 3; a++)
        {
            sink.Single(Math.Clamp(MathF.BitDecrement((float)low[a]), float.MinValue, float.MaxValue));
            sink.Single(Math.Clamp(MathF.BitIncrement((float)high[a]), float.MinValue, float.MaxValue));
        }
    }

    private static void WriteSpecials(ByteSink sink, List<SpecialAtom> specials)
    {
        sink.Whole((ulong)specials.Count);
        int before = 0;
        foreach (SpecialAtom special in specials)
        {
            sink.Whole((ulong)(special.Row - before));
            before = special.Row;
            sink.Signed(special.ImageA);
            sink.Signed(special.ImageB);
            sink.Signed(special.ImageC);
            sink.Byte(special.IsExact ? 1 : 0);
            if (!special.IsExact)
                continue;
            sink.Double(special.X);
            sink.Double(special.Y);
            sink.Double(special.Z);
        }
    }

    private static void ReadSpecials(ref ByteSource source, List<SpecialAtom> specials, int count)
    {
        specials.Clear();
        int row = 0;
        for (int left = source.Count(count); left > 0; left--)
        {
            row += source.Count(count - 1 - row);
            int a = Image(source.Signed()), b = Image(source.Signed()), c = Image(source.Signed());
            bool isExact = source.Byte() != 0;
            specials.Add(new(row, a, b, c, isExact,
                isExact ? source.Finite() : 0, isExact ? source.Finite() : 0, isExact ? source.Finite() : 0));
        }

        static int Image(long value) => value is >= int.MinValue and <= int.MaxValue
            ? (int)value : throw new DamagedChunkException("an image is too far away");
    }
}
