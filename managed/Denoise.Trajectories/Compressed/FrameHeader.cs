using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>All of a frame but its atoms.</summary>
internal sealed class FrameHeader
{
    private const int MostElements = 1 << 16;
    private const int MostColumns = 10_000;

    [Flags]
    private enum Flags
    {
        Unwrapped = 1,
        Time = 2,
        Units = 4,
        Ids = 8,
        PeriodicA = 16,
        FoldsA = 128,
    }

    public DnzMode Mode { get; init; }

    /// <summary>Å</summary>
    public double Bound { get; init; }

    public bool HasIds { get; init; }

    public long Step { get; init; }

    public double? Time { get; init; }

    public string? Units { get; init; }

    public required Box Box { get; init; }

    public bool Unwrapped { get; init; }

    /// <summary>Whether positions are folded into the box along each edge, as nearly all atoms were found.</summary>
    public bool[] Folds { get; init; } = new bool[3];

    /// <summary>Whether atoms were moved after they had been folded into the box, as denoised ones are.</summary>
    public bool HasMoved => Mode == DnzMode.Structure;

    public long Count { get; init; }

    public int Blocks { get; init; }

    /// <summary>Number of the frame that began the blocks.</summary>
    public long Key { get; init; }

    public IReadOnlyList<string?> Elements { get; init; } = [];

    public IReadOnlyList<ColumnHeader> Columns { get; init; } = [];

    public void Write(ByteSink sink)
    {
        Flags flags = (Unwrapped ? Flags.Unwrapped : 0) | (Time is null ? 0 : Flags.Time) | (Units is null ? 0 : Flags.Units) |
            (HasIds ? Flags.Ids : 0);
        for (int a = 0; a < 3; a++)
            flags |= (Flags)((Box.IsPeriodic(a) ? (int)Flags.PeriodicA << a : 0) | (Folds[a] ? (int)Flags.FoldsA << a : 0));
        sink.Byte((int)Mode);
        sink.Double(Bound);
        sink.Whole((ulong)flags);
        sink.Signed(Step);
        if (Time is { } time)
            sink.Double(time);
        if (Units is { } units)
            sink.Text(units);
        foreach (Vec3 v in new[] { Box.A, Box.B, Box.C, Box.Origin })
            for (int a = 0; a < 3; a++)
                sink.Double(v[a]);
        sink.Whole((ulong)Count);
        sink.Whole((ulong)Blocks);
        sink.Whole((ulong)Key);
        sink.Whole((ulong)Elements.Count);
        foreach (string? element in Elements)
            sink.Text(element ?? "");
        sink.Whole((ulong)Columns.Count);
        foreach (ColumnHeader column in Columns)
        {
            sink.Text(column.Name);
            sink.Byte((int)column.Kind);
            sink.Text(column.OvitoName ?? "");
        }
    }

    public static FrameHeader Read(ref ByteSource source)
    {
        DnzMode mode = (DnzMode)source.Byte();
        double bound = source.Finite();
        Flags flags = (Flags)source.Count(1023);
        if (mode > DnzMode.Lossless)
            throw new DamagedChunkException("its mode is unknown");
        long step = source.Signed();
        double? time = flags.HasFlag(Flags.Time) ? source.Double() : null;
        string? units = flags.HasFlag(Flags.Units) ? source.Text() : null;
        Span<Vec3> edges = stackalloc Vec3[4];
        foreach (ref Vec3 edge in edges)
            edge = new(source.Finite(), source.Finite(), source.Finite());
        bool[] periodic = new bool[3], folds = new bool[3];
        for (int a = 0; a < 3; a++)
            (periodic[a], folds[a]) = (((int)flags & (int)Flags.PeriodicA << a) != 0, ((int)flags & (int)Flags.FoldsA << a) != 0);
        Box box = new(edges[0], edges[1], edges[2], edges[3], periodic[0], periodic[1], periodic[2]);
        if (!(box.Volume > 0) || !double.IsFinite(box.Volume) || !double.IsFinite(1 / box.Volume))
            throw new DamagedChunkException("its box has no volume");
        long count = source.Count(int.MaxValue);
        int blocks = source.Count(int.MaxValue);
        long key = source.Count(int.MaxValue);
        List<string?> elements = [];
        for (int k = source.Count(MostElements); k > 0; k--)
            elements.Add(source.Text() is { Length: > 0 } element ? element : null);
        List<ColumnHeader> columns = [];
        for (int k = source.Count(MostColumns); k > 0; k--)
        {
            string name = source.Text();
            ColumnKind kind = (ColumnKind)source.Byte();
            string ovito = source.Text();
            if (kind > ColumnKind.Text || name.Length == 0 || columns.Exists(column => column.Name == name))
                throw new DamagedChunkException("its columns are impossible");
            columns.Add(new(name, kind, ovito.Length > 0 ? ovito : null, 0));
        }

        return new()
        {
            Mode = mode,
            Bound = bound,
            HasIds = flags.HasFlag(Flags.Ids),
            Step = step,
            Time = time,
            Units = units,
            Box = box,
            Unwrapped = flags.HasFlag(Flags.Unwrapped),
            Folds = folds,
            Count = count,
            Blocks = blocks,
            Key = key,
            Elements = elements,
            Columns = columns,
        };
    }
}
