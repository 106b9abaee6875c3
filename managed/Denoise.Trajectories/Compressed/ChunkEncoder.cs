using System.Runtime.Intrinsics;
using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>Writes the chunks of one block of atoms, frame after frame.</summary>
internal sealed unsafe class ChunkEncoder : IDisposable
{
    private const int MostSteps = 9;

    // Margins at the faces, in standard deviations of what is left.
    private const double MarginWidth = 2.5;
    private const double WidestMargin = 0.25;

    private readonly ChunkState _state = new();
    private readonly ChunkModel _model = new();
    private readonly EncoderTools _tools;
    private readonly ChunkFit _fit;
    private bool _hasImages;
    private int[] _steps = [];
    private int[] _rows = [];

    public ChunkEncoder(EncoderTools tools) => (_tools, _fit) = (tools, new(_state, _model, tools));

    public int Count => _state.Count;

    /// <summary>Rows of the frame at hand, in the order of the chunk.</summary>
    public int[] Rows => _rows;

    public ReadOnlySpan<long> Ids => _state.Ids;

    /// <summary>Largest distance of a decoded coordinate from the original in the last frame, Å.</summary>
    public double LargestError { get; private set; }

    /// <summary>Begins with the atoms of a block.</summary>
    /// <param name="frame">the frame</param>
    /// <param name="rows">of the block; kept, and ordered</param>
    /// <param name="header">of the frame</param>
    /// <param name="sink">receives the chunk</param>
    public void WriteKey(Frame frame, int[] rows, FrameHeader header, ByteSink sink)
    {
        _rows = rows;
        _state.Begin(rows.Length);
        _model.Clear();
        _model.Box = frame.Box;
        MortonOrder.Apply(frame, rows);
        Gather(frame, follows: false);
        bool isLattice = FindLattice(frame);
        _state.IsLattice = isLattice;
        _state.Ids = new long[rows.Length];
        _state.Types = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            (_state.Ids[i], _state.Types[i]) = (frame.Ids[rows[i]], frame.Types[rows[i]]);
        if (!isLattice)
            ChunkFormat.ChainNeighbors(_state, _model);

        SetFolds(header);
        Code(frame, header, sink, isKey: true, typesChanged: true, isLattice);
        if (!isLattice)
            _state.SitesFromPositions();
    }

    /// <summary>Goes on with the same atoms.</summary>
    /// <param name="rows">of the frame, in the order of the chunk</param>
    public void WriteNext(Frame frame, int[] rows, FrameHeader header, ByteSink sink)
    {
        _rows = rows;
        _model.Box = frame.Box;
        SetFolds(header);
        Gather(frame, follows: true);
        bool typesChanged = false;
        long[] types = _state.Types;
        int* now = frame.Types.Pointer;
        for (int i = 0; i < rows.Length; i++)
            typesChanged |= types[i] != now[rows[i]];
        _fit.Sites();
        Code(frame, header, sink, isKey: false, typesChanged, isLattice: false);
    }

    public void Dispose() => _state.Dispose();

    /// <summary>
    /// Takes the positions of the chunk's atoms; where the file folds them into the box, it moves each by whole edges to where it is nearest
    /// to its last position.
    /// </summary>
    private void Gather(Frame frame, bool follows)
    {
        int count = _rows.Length, last = frame.Count - 1;
        _tools.Begin(count);
        _hasImages = false;
        Box box = _model.Box;
        var (ra, rb, rc) = box.Reciprocal;
        Vec3 widths = box.FaceDistances;
        // Nearly all have hardly moved.
        Vector256<double> far = Vector256.Create(
            follows && _model.FoldsAny ? 0.25 * Math.Min(widths.X, Math.Min(widths.Y, widths.Z)) : double.PositiveInfinity);
        double* from = frame.Positions.Pointer, to = _tools.Positions.Pointer, followed = _tools.Followed.Pointer,
            before = _state.Positions.Pointer;
        fixed (int* rows = _rows)
        {
            for (int i = 0; i < count; i++, to += 4, followed += 4, before += 4)
            {
                double* source = from + 3L * rows[i];
                // Behind the last there may be nothing.
                Vector256<double> x = rows[i] < last
                    ? Vector256.Load(source).WithElement(3, 0) : Vector256.Create(source[0], source[1], source[2], 0);
                x.Store(to);
                x.Store(followed);
                if (!Vector256.LessThanAll(Vector256.Abs(Vector256.Load(before) - x), far))
                    Follow(i, ra, rb, rc);
            }
        }
    }

    private void Follow(int i, Vec3 ra, Vec3 rb, Vec3 rc)
    {
        double* x = _tools.Positions.Pointer + 4L * i, last = _state.Positions.Pointer + 4L * i,
            followed = _tools.Followed.Pointer + 4L * i;
        Vec3 d = new(last[0] - x[0], last[1] - x[1], last[2] - x[2]);
        for (int a = 0; a < 3; a++)
        {
            double part = _model.Folds[a] ? Vec3.Dot(a == 0 ? ra : a == 1 ? rb : rc, d) : 0;
            if (Math.Abs(part) <= 0.5)
                continue;
            if (!_hasImages)
                _tools.Images.Clear();
            _hasImages = true;
            int image = (int)Math.Round(part);
            _tools.Images[3L * i + a] = image;
            for (int k = 0; k < 3; k++)
                followed[k] += image * _model.Box[a][k];
        }
    }

    /// <summary>Puts the atoms into the order of their sites, if they have some.</summary>
    private bool FindLattice(Frame frame)
    {
        if (!_tools.Lattice.Find(_tools.Positions.Pointer, _rows.Length))
            return false;
        int[] sites = _tools.Lattice.Sites;
        Vec3[] vectors = _tools.Lattice.Vectors;
        int[] order = SiteOrder.Of(sites, _rows.Length), rows = new int[_rows.Length];
        for (int i = 0; i < order.Length; i++)
        {
            rows[i] = _rows[order[i]];
            for (int a = 0; a < 3; a++)
                _state.Sites[4L * i + a] = sites[3 * order[i] + a];
        }

        _steps = NearestSteps(vectors);
        if (!_state.FindNeighbors(_steps))
        {
            _state.Sites.Clear();
            return false;
        }

        rows.CopyTo(_rows, 0);
        Gather(frame, follows: false);
        _state.MeasureSites();
        for (int k = 0; k < 3; k++)
            (_model.Affine[3 * k], _model.Affine[3 * k + 1], _model.Affine[3 * k + 2]) =
                ((float)vectors[k].X, (float)vectors[k].Y, (float)vectors[k].Z);
        _fit.Offset();
        return true;
    }

    /// <summary>The shortest steps to sites that come before in the order of the chunk.</summary>
    private static int[] NearestSteps(Vec3[] vectors)
    {
        List<(double Length, int X, int Y, int Z)> steps = [];
        for (int z = -2; z <= 0; z++)
            for (int y = -2; y <= 2; y++)
                for (int x = -2; x <= 2; x++)
                    if (z < 0 || y < 0 || (y == 0 && x < 0))
                        steps.Add(((vectors[0] * x + vectors[1] * y + vectors[2] * z).Length, x, y, z));
        steps.Sort();
        // Terms are added in this order, and the atom just before, whose rest is known last, would hold up all behind it.
        return [.. steps.Take(MostSteps).OrderBy(step => step is { X: -1, Y: 0, Z: 0 })
            .SelectMany(step => new[] { step.X, step.Y, step.Z })];
    }

    private void SetFolds(FrameHeader header)
    {
        header.Folds.CopyTo(_model.Folds, 0);
        Array.Clear(_model.Margins);
    }

    private void SetMargins(FrameHeader header, double spread)
    {
        Vec3 widths = header.Box.FaceDistances;
        for (int a = 0; a < 3; a++)
        {
            double outside = header.HasMoved && header.Folds[a] ? FaceMargin.Of(_tools.Positions.Span, header.Box, a) : 0;
            _model.Margins[a] = header.Folds[a] ? (float)Math.Clamp(MarginWidth * spread / widths[a] + outside, 0, WidestMargin) : 0;
        }
    }

    private void Code(Frame frame, FrameHeader header, ByteSink sink, bool isKey, bool typesChanged, bool isLattice)
    {
        double bound = header.Mode == DnzMode.Lossless ? 0 : header.Bound;
        _model.Grid = header.Mode == DnzMode.Lossless
            ? Grid.Lossless(_tools.Positions.Span) : Grid.OfBound(header.Bound);
        double spread = _fit.Weights(isKey, isDenoised: header.HasMoved);
        if (!isKey || (isLattice && header.HasMoved))
            SetMargins(header, spread);
        PositionCoder coder = _tools.Coder;
        coder.Encode(_state, _model, bound, _tools.Positions.Pointer, _hasImages ? _tools.Images.Pointer : null, _tools.Residuals.Pointer);
        LargestError = coder.LargestError;

        _tools.Columns.Clear();
        bool needsPast = WriteColumns(frame, header, _tools.Columns, isKey) || _model.UsesTime;
        ChunkFlags flags = (isKey ? ChunkFlags.Key : 0) | (isLattice ? ChunkFlags.Lattice : 0) |
            (needsPast ? ChunkFlags.Past : 0) | (_model.UsesTime ? ChunkFlags.Time : 0) |
            (_model.UsesNeighbors && !(isKey && !isLattice) ? ChunkFlags.Neighbors : 0) |
            (typesChanged ? ChunkFlags.Types : 0) | (header.Mode == DnzMode.Structure ? ChunkFlags.Spread : 0) |
            (isKey && header.HasIds ? ChunkFlags.Ids : 0);
        long[] types = isKey || !typesChanged ? _state.Types : [.. _rows.Select(row => (long)frame.Types[row])];
        _tools.Format.Write(sink, flags, _state, types, _model, coder, _steps,
            _tools.Residuals.Span[..(3 * _rows.Length)]);
        if (flags.HasFlag(ChunkFlags.Spread))
            sink.Single(SpreadOf(frame));
        sink.Bytes(_tools.Columns.Written);
    }

    /// <summary>Whether one needs the frame before.</summary>
    private bool WriteColumns(Frame frame, FrameHeader header, ByteSink sink, bool isKey)
    {
        bool needsPast = false;
        for (int c = 0; c < header.Columns.Count; c++)
        {
            FrameColumn column = frame.FindColumn(header.Columns[c].Name)!;
            ColumnData data = new();
            data.Take(column, _rows, header.Columns[c].Bound);
            needsPast |= data.Write(sink, _tools.Format.Integers, isKey ? null : _state.Columns[c]);
            if (isKey)
                _state.Columns.Add(data.Values);
            else
                _state.Columns[c] = data.Values;
        }

        return needsPast;
    }

    /// <summary>Root mean square of the displacements by which atoms were denoised, Å; 0 where they are not known.</summary>
    private float SpreadOf(Frame frame)
    {
        if (frame.FindColumn(ColumnNames.Displacement) is not { Kind: not ColumnKind.Text } column || _rows.Length == 0)
            return 0;
        double sum = 0;
        foreach (int row in _rows)
            sum += column.RealAt(row) * column.RealAt(row);
        double spread = Math.Sqrt(sum / _rows.Length);
        return double.IsFinite(spread) ? (float)spread : 0;
    }
}
