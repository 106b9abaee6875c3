using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Compressed;

/// <summary>Writes the chunks of one block of atoms, frame after frame.</summary>
internal sealed unsafe class ChunkEncoder : IDisposable
{
    // What the past must save, in bits per coordinate, before a chunk is made to need all frames since its key.
    private const double LeastGainOfTime = 0.03;
    private const double LeastGainOfNeighbors = 0.005;
    private const int FitSamples = 1024;
    private const int NeighborSamples = 600;
    private const int FewestForFit = 32;
    private const int FewestForField = 1000;
    private const int FieldSamples = 700;
    private const int FieldDegree = 5;

    // In steps of the grid.
    private const double FieldStep = 1.0 / 8;
    private const double LeastUseOfField = 0.8;
    private const int MostSteps = 9;

    // Of the variance that rounding has, what is not itself rounding of what neighbors share; measured.
    private const double ShareOfNoise = 0.2;

    // Margins at the faces, in standard deviations of what is left.
    private const double MarginWidth = 2.5;

    private readonly ChunkState _state = new();
    private readonly ChunkModel _model = new();
    private readonly EncoderTools _tools;
    private readonly NativeBuffer<double> _positions = new();
    private readonly NativeBuffer<double> _followed = new();
    private readonly NativeBuffer<int> _images = new();
    private readonly NativeBuffer<long> _residuals = new();
    private bool _hasImages;
    private bool _denoised;
    private int[] _steps = [];
    private int[] _rows = [];

    public ChunkEncoder(EncoderTools tools) => _tools = tools;

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
        Blocks.Order(frame, rows);
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
        FitSites();
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
        int[] order = new int[_rows.Length], rows = new int[_rows.Length];
        (int, int, int)[] keys = new (int, int, int)[_rows.Length];
        for (int i = 0; i < order.Length; i++)
            (order[i], keys[i]) = (i, (sites[3 * i + 2], sites[3 * i + 1], sites[3 * i]));
        Array.Sort(keys, order);
        for (int i = 0; i < order.Length; i++)
        {
            rows[i] = _rows[order[i]];
            (_state.Sites[4L * i], _state.Sites[4L * i + 1], _state.Sites[4L * i + 2]) = (keys[i].Item3, keys[i].Item2, keys[i].Item1);
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
        FitOffset();
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
        return [.. steps.Take(MostSteps).SelectMany(step => new[] { step.X, step.Y, step.Z })];
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

    /// <summary>Matrix and offset that bring the sites nearest to the positions.</summary>
    private void FitSites()
    {
        if (!_state.IsLattice)
            _model.SetIdentity();
        int count = _rows.Length;
        if (count >= FewestForFit)
        {
            LeastSquares fit = _tools.Affine;
            fit.Clear();
            int stride = Math.Max(1, count / FitSamples);
            Span<double> site = stackalloc double[4], solution = stackalloc double[12];
            // Sites far from 0 would lose digits.
            Vec3 middle = Mean(_state.Sites.Pointer, stride);
            site[3] = 1;
            for (int i = 0; i < count; i += stride)
            {
                double* s = _state.Sites.Pointer + 4L * i;
                (site[0], site[1], site[2]) = (s[0] - middle.X, s[1] - middle.Y, s[2] - middle.Z);
                fit.Add(site, new ReadOnlySpan<double>(_followed.Pointer + 4L * i, 3));
            }

            if (fit.Solve(solution))
                for (int k = 0; k < 9; k++)
                    _model.Affine[k] = (float)solution[k];
        }

        FitOffset();
    }

    private void FitOffset()
    {
        int stride = Math.Max(1, _rows.Length / FitSamples);
        Vec3 site = Mean(_state.Sites.Pointer, stride), position = Mean(_followed.Pointer, stride);
        for (int k = 0; k < 3; k++)
            _model.Offset[k] = position[k] -
                (_model.Affine[k] * site.X + _model.Affine[3 + k] * site.Y + _model.Affine[6 + k] * site.Z);
    }

    private Vec3 Mean(double* vectors, int stride)
    {
        Vec3 sum = default;
        int number = 0;
        for (int i = 0; i < _rows.Length; i += stride, number++)
            sum += new Vec3(vectors[4L * i], vectors[4L * i + 1], vectors[4L * i + 2]);
        return number > 0 ? sum * (1.0 / number) : default;
    }

    /// <summary>Weights of the past and of the neighbors; returns the standard deviation of what they leave, Å.</summary>
    private double FitWeights(bool isKey)
    {
        Array.Clear(_model.Times);
        double floor = _model.Grid.Kind == GridKind.Step ? _model.Grid.Scale * _model.Grid.Scale / 12 : 1e-16;
        FitField();
        int stride = Math.Max(1, _rows.Length / FitSamples);
        double without = Rests(stride);
        for (int terms = Math.Min(_state.Frames, 3); terms > 0 && !isKey; terms--)
        {
            if (!TryTimes(terms))
                continue;
            double with = Rests(stride);
            if (0.5 * Math.Log2((without + floor) / (with + floor)) <= LeastGainOfTime)
                Array.Clear(_model.Times);
            break;
        }

        double variance = Rests(1);
        if (isKey && !_state.IsLattice)
            return Math.Sqrt(variance);
        double left = FitNeighbors();
        _model.UsesNeighbors = 0.5 * Math.Log2((variance + floor) / (left + floor)) > LeastGainOfNeighbors;
        if (!_model.UsesNeighbors)
            Array.Clear(_model.Weights);
        return Math.Sqrt(_model.UsesNeighbors ? left : variance);
    }

    /// <summary>Of denoised positions, which have no noise of their own.</summary>
    private void FitField()
    {
        _model.Field.Degree = 0;
        if (!_denoised || !_state.IsLattice || _rows.Length < FewestForField)
            return;
        int stride = Math.Max(1, _rows.Length / FieldSamples);
        double without = Rests(stride), floor = _model.Grid.Scale * _model.Grid.Scale / 12;
        SmoothField field = _model.Field;
        (field.Degree, field.Step) = (FieldDegree, _model.Grid.Scale * FieldStep);
        bool isFitted = field.Fit(_state, _state.Innovations.Pointer, stride);
        if (isFitted)
            field.Evaluate(_state);
        if (!isFitted || Rests(stride) + floor > LeastUseOfField * (without + floor))
            field.Degree = 0;
    }

    private bool TryTimes(int terms)
    {
        LeastSquares fit = new(terms);
        int stride = Math.Max(1, _rows.Length / FitSamples);
        Span<double> x = stackalloc double[3], y = stackalloc double[1], solution = stackalloc double[3];
        for (int i = 0; i < _rows.Length; i += stride)
        {
            long at = 4L * i;
            Vec3 b = Expected(i);
            for (int a = 0; a < 3; a++)
            {
                (x[0], x[1], x[2]) = (_state.Last1[at + a], _state.Last2[at + a], _state.Sum[at + a] / _state.Frames);
                y[0] = _followed[at + a] - b[a] - (_model.UsesField ? _state.Field[at + a] : 0);
                fit.Add(x[..terms], y);
            }
        }

        if (!fit.Solve(solution))
            return false;
        for (int k = 0; k < terms; k++)
            _model.Times[k] = (float)solution[k];
        return true;
    }

    /// <summary>Mean square of what the model without neighbors leaves of some atoms; leaves the rests in Innovations.</summary>
    private double Rests(int stride)
    {
        float[] f = _model.Affine;
        Vector256<double> f0 = Vector256.Create(f[0], f[1], f[2], 0.0), f1 = Vector256.Create(f[3], f[4], f[5], 0.0),
            f2 = Vector256.Create(f[6], f[7], f[8], 0.0), sum = Vector256<double>.Zero,
            offset = Vector256.Create(_model.Offset[0], _model.Offset[1], _model.Offset[2], 0),
            w1 = Vector256.Create((double)_model.Times[0]), w2 = Vector256.Create((double)_model.Times[1]),
            w3 = Vector256.Create(_state.Frames > 0 ? _model.Times[2] / (double)_state.Frames : 0);
        bool usesTime = _model.UsesTime, usesField = _model.UsesField;
        double* sites = _state.Sites.Pointer, followed = _followed.Pointer, rests = _state.Innovations.Pointer;
        int number = 0;
        for (int i = 0; i < _rows.Length; i += stride, number++)
        {
            long at = 4L * i;
            Vector256<double> rest = Vector256.Load(followed + at) - offset - f0 * Vector256.Create(sites[at]) -
                f1 * Vector256.Create(sites[at + 1]) - f2 * Vector256.Create(sites[at + 2]);
            if (usesField)
                rest -= Vector256.Load(_state.Field.Pointer + at);
            if (usesTime)
                rest -= w1 * Vector256.Load(_state.Last1.Pointer + at) + w2 * Vector256.Load(_state.Last2.Pointer + at) +
                    w3 * Vector256.Load(_state.Sum.Pointer + at);
            rest.Store(rests + at);
            sum += rest * rest;
        }

        return number > 0 ? Vector256.Sum(sum) / (3 * number) : 0;
    }

    private double FitNeighbors()
    {
        int neighbors = _state.Neighbors;
        if (_rows.Length < FewestForFit || neighbors == 0)
            return double.PositiveInfinity;
        LeastSquares fit = new(neighbors);
        int stride = Math.Max(1, _rows.Length / NeighborSamples);
        Span<double> x = stackalloc double[ChunkState.MostNeighbors], y = stackalloc double[1];
        Span<double> weights = stackalloc double[ChunkState.MostNeighbors];
        for (int i = 0; i < _rows.Length; i += stride)
            for (int a = 0; a < 3; a++)
            {
                for (int k = 0; k < neighbors; k++)
                    x[k] = _state.Innovations[4L * _state.NeighborRows[(long)i * neighbors + k] + a];
                y[0] = _state.Innovations[4L * i + a];
                fit.Add(x[..neighbors], y);
            }

        // A decoder sees neighbors as they come back.
        if (_model.Grid.Kind == GridKind.Step)
            fit.AddNoise(ShareOfNoise * 3 * ((_rows.Length - 1) / stride + 1) * _model.Grid.Scale * _model.Grid.Scale / 12);
        if (!fit.Solve(weights))
            return double.PositiveInfinity;
        for (int k = 0; k < neighbors; k++)
            _model.Weights[k] = (float)weights[k];
        double sum = 0;
        int number = 0;
        for (int i = stride / 2; i < _rows.Length; i += stride, number++)
            for (int a = 0; a < 3; a++)
            {
                double rest = _state.Innovations[4L * i + a];
                for (int k = 0; k < neighbors; k++)
                    rest -= _model.Weights[k] * _state.Innovations[4L * _state.NeighborRows[(long)i * neighbors + k] + a];
                sum += rest * rest;
            }

        return sum / (3 * number);
    }

    private Vec3 Expected(int i)
    {
        double* s = _state.Sites.Pointer + 4L * i;
        float[] f = _model.Affine;
        double[] t = _model.Offset;
        return new(
            t[0] + f[0] * s[0] + f[3] * s[1] + f[6] * s[2],
            t[1] + f[1] * s[0] + f[4] * s[1] + f[7] * s[2],
            t[2] + f[2] * s[0] + f[5] * s[1] + f[8] * s[2]);
    }

    private void Code(Frame frame, FrameHeader header, ByteSink sink, bool isKey, bool typesChanged, bool isLattice)
    {
        double bound = header.Mode == DnzMode.Lossless ? 0 : header.Bound;
        _model.Grid = header.Mode == DnzMode.Lossless
            ? Grid.Lossless(new(_positions.Pointer, (int)_positions.Length)) : Grid.OfBound(header.Bound);
        _denoised = header.Mode == DnzMode.Structure;
        double spread = FitWeights(isKey);
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
