using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Compressed;

/// <summary>Writes the chunks of one block of atoms, frame after frame.</summary>
internal sealed unsafe class ChunkEncoder : IDisposable
{
    private const int MostSteps = 9;

    // Margins at the faces, in standard deviations of what is left.
    private const double MarginWidth = 2.5;

    private readonly ChunkState _state = new();
    private readonly ChunkModel _model = new();
    private readonly EncoderTools _tools;
    private readonly ChunkFit _fit;
    private readonly NativeBuffer<double> _positions = new();
    private readonly NativeBuffer<double> _followed = new();
    private readonly NativeBuffer<int> _images = new();
    private readonly NativeBuffer<long> _residuals = new();
    private bool _hasImages;
    private int[] _steps = [];
    private int[] _rows = [];

    public ChunkEncoder(EncoderTools tools) => (_tools, _fit) = (tools, new(_state, _model, _followed, tools.Affine));

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
        Gather(frame);
        bool isLattice = FindLattice(frame);
        _state.IsLattice = isLattice;
        _state.Ids = new long[rows.Length];
        _state.Types = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            (_state.Ids[i], _state.Types[i]) = (frame.Ids[rows[i]], frame.Types[rows[i]]);
        if (!isLattice)
            ChunkFormat.ChainNeighbors(_state, _model);

        SetFolds(header, 0);
        ClearImages();
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
        Gather(frame);
        SetFolds(header, 0);
        Follow();
        bool typesChanged = false;
        for (int i = 0; i < rows.Length; i++)
            typesChanged |= _state.Types[i] != frame.Types[rows[i]];
        _fit.Sites();
        Code(frame, header, sink, isKey: false, typesChanged, isLattice: false);
    }

    public void Dispose()
    {
        _state.Dispose();
        _positions.Dispose();
        _followed.Dispose();
        _images.Dispose();
        _residuals.Dispose();
    }

    private void Gather(Frame frame)
    {
        int count = _rows.Length;
        _positions.Resize(4L * count);
        _followed.Resize(4L * count);
        _residuals.Resize(3L * count);
        double* from = frame.Positions.Pointer, to = _positions.Pointer, followed = _followed.Pointer;
        for (int i = 0; i < count; i++)
        {
            double* source = from + 3L * _rows[i];
            followed[4L * i] = to[4L * i] = source[0];
            followed[4L * i + 1] = to[4L * i + 1] = source[1];
            followed[4L * i + 2] = to[4L * i + 2] = source[2];
            followed[4L * i + 3] = to[4L * i + 3] = 0;
        }
    }

    /// <summary>Puts the atoms into the order of their sites, if they have some.</summary>
    private bool FindLattice(Frame frame)
    {
        if (!_tools.Lattice.Find(_positions.Pointer, _rows.Length))
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
        Gather(frame);
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

    private void SetFolds(FrameHeader header, double spread)
    {
        Vec3 widths = header.Box.FaceDistances;
        for (int a = 0; a < 3; a++)
        {
            _model.Folds[a] = header.Folds[a];
            _model.Margins[a] = header.Folds[a] ? (float)Math.Clamp(MarginWidth * spread / widths[a], 0, 0.25) : 0;
        }
    }

    /// <summary>Moves atoms by whole edges to where they are nearest to their last position.</summary>
    private void Follow()
    {
        ClearImages();
        if (!_model.FoldsAny)
            return;
        var (ra, rb, rc) = _model.Box.Reciprocal;
        Vec3[] rows = [ra, rb, rc];
        Vec3 widths = _model.Box.FaceDistances;
        Vector256<double> far = Vector256.Create(0.25 * Math.Min(widths.X, Math.Min(widths.Y, widths.Z)));
        for (int i = 0; i < _rows.Length; i++)
        {
            // Nearly all have hardly moved.
            if (Vector256.LessThanAll(
                Vector256.Abs(Vector256.Load(_state.Positions.Pointer + 4L * i) - Vector256.Load(_positions.Pointer + 4L * i)), far))
                continue;
            double* x = _positions.Pointer + 4L * i, last = _state.Positions.Pointer + 4L * i, followed = _followed.Pointer + 4L * i;
            Vec3 d = new(last[0] - x[0], last[1] - x[1], last[2] - x[2]);
            for (int a = 0; a < 3; a++)
            {
                double part = _model.Folds[a] ? Vec3.Dot(rows[a], d) : 0;
                if (Math.Abs(part) <= 0.5)
                    continue;
                int image = (int)Math.Round(part);
                _images[3L * i + a] = image;
                _hasImages = true;
                for (int k = 0; k < 3; k++)
                    followed[k] += image * _model.Box[a][k];
            }
        }
    }

    private void ClearImages()
    {
        if (_images.Length == 3L * _rows.Length && !_hasImages)
            return;
        _images.Resize(3L * _rows.Length);
        _images.Clear();
        _hasImages = false;
    }

    private void Code(Frame frame, FrameHeader header, ByteSink sink, bool isKey, bool typesChanged, bool isLattice)
    {
        double bound = header.Mode == DnzMode.Lossless ? 0 : header.Bound;
        _model.Grid = header.Mode == DnzMode.Lossless
            ? Grid.Lossless(new(_positions.Pointer, (int)_positions.Length)) : Grid.OfBound(header.Bound);
        double spread = _fit.Weights(isKey, isDenoised: header.Mode == DnzMode.Structure);
        if (!isKey)
            SetFolds(header, spread);
        PositionCoder coder = _tools.Positions;
        coder.Encode(_state, _model, bound, _positions.Pointer, _images.Pointer, _residuals.Pointer);
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
            new(_residuals.Pointer, (int)_residuals.Length), new(_positions.Pointer, (int)_positions.Length));
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
