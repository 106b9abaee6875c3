using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// One pass over the atoms of a chunk, in their order: what encoder and decoder expect of each, what is left, and what they remember of it.
/// Nearly all atoms are plain: they neither cross a face nor stand in the chunk as exceptions.
/// </summary>
/// <typeparam name="TDirection">whether it encodes or decodes</typeparam>
internal unsafe ref struct PositionPass<TDirection>
    where TDirection : PositionCoder.IDirection
{
    // Added to a real below 2^51 it leaves the nearest whole number, ties to even, in the low bits.
    private const double Magic = 6755399441055744;

    private readonly ChunkState _state;
    private readonly PositionCoder _coder;
    private readonly Folding _folding;
    private readonly bool _folds, _usesTime, _usesField, _keepsAll;
    private readonly GridKind _grid;
    private readonly int _neighbors;
    private readonly Vector256<double> _offset, _f0, _f1, _f2, _w1, _w2, _w3, _factor, _scale, _limit;
    private readonly Vector256<double>* _weights;
    private readonly double* _innovations, _positions;
    private readonly int* _images;
    private readonly long* _residuals;
    private int _nextSpecial, _nextCrossing, _specialRow;

    /// <param name="coder">has the exceptions</param>
    /// <param name="state">of the chunk</param>
    /// <param name="model">of the frame</param>
    /// <param name="bound">Å; for an encoder</param>
    /// <param name="weights">room for <see cref="ChunkState.MostNeighbors"/></param>
    /// <param name="innovations">[Count + 1, 4] the last zero</param>
    /// <param name="positions">[Count, 4] Å</param>
    /// <param name="images">[Count, 3], or null: no atom has any</param>
    /// <param name="residuals">[3 Count + 1] the last is not used</param>
    public PositionPass(
        PositionCoder coder, ChunkState state, ChunkModel model, double bound, Vector256<double>* weights, double* innovations,
        double* positions, int* images, long* residuals)
    {
        (_coder, _state) = (coder, state);
        _innovations = innovations;
        _positions = positions;
        _images = images;
        _residuals = residuals;
        float[] f = model.Affine;
        (_f0, _f1, _f2) = (Vector256.Create(f[0], f[1], f[2], 0.0), Vector256.Create(f[3], f[4], f[5], 0.0),
            Vector256.Create(f[6], f[7], f[8], 0.0));
        _offset = Vector256.Create(model.Offset[0], model.Offset[1], model.Offset[2], 0);
        (_usesTime, _usesField) = (model.UsesTime, model.UsesField);
        (_w1, _w2, _w3) = (Vector256.Create((double)model.Times[0]), Vector256.Create((double)model.Times[1]),
            Vector256.Create(state.Frames > 0 ? model.Times[2] / (double)state.Frames : 0));
        _neighbors = model.UsesNeighbors ? state.Neighbors : 0;
        _weights = weights;
        for (int k = 0; k < _neighbors; k++)
            _weights[k] = Vector256.Create((double)model.Weights[k]);
        _grid = model.Grid.Kind;
        (_factor, _scale) = (Vector256.Create(model.Grid.Factor), Vector256.Create(model.Grid.Scale));
        _limit = Vector256.Create(bound, bound, bound, double.PositiveInfinity);
        _folds = model.FoldsAny;
        _folding = new(model);
        // A decoder asks for them only where they become the sites.
        _keepsAll = TDirection.Encodes || state is { Frames: 0, IsLattice: false };
        _specialRow = !TDirection.Encodes && coder.Specials.Count > 0 ? coder.Specials[0].Row : -1;
        (Low, High) = (Vector256.Create(double.PositiveInfinity), Vector256.Create(double.NegativeInfinity));
    }

    /// <summary>Zero, if all positions are finite.</summary>
    public Vector256<double> Finite { get; private set; }

    /// <summary>Largest distance of an encoded coordinate from the original, Å.</summary>
    public Vector256<double> LargestError { get; private set; }

    /// <summary>Lowest encoded coordinates, Å.</summary>
    public Vector256<double> Low { get; private set; }

    /// <summary>Highest encoded coordinates, Å.</summary>
    public Vector256<double> High { get; private set; }

    /// <summary>Crossings that the pass has used.</summary>
    public readonly int Crossings => _nextCrossing;

    public void Run()
    {
        int count = _state.Count;
        for (int i = _grid == GridKind.Bits ? 0 : Plain(0); i < count; i = _grid == GridKind.Bits ? i + 1 : Plain(i + 1))
            Exception(i);
    }

    /// <summary>From an atom on, up to one that is not plain; returns it. Without calls, so that all stays in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Plain(int i)
    {
        int count = _state.Count, neighbors = _neighbors, before = neighbors - 1;
        bool divides = _grid == GridKind.Decimals, folds = _folds, keepsAll = _keepsAll;
        int* rows = _state.NeighborRows.Pointer + (long)i * neighbors, images = _images;
        double* positions = _positions, innovations = _innovations, followed = _state.Positions.Pointer;
        double* last2 = _state.Last2.Pointer, sum = _state.Sum.Pointer;
        long* residuals = _residuals;
        Vector256<double> magic = Vector256.Create(Magic), factor = _factor, scale = _scale, finite = Finite, largest = LargestError,
            low = Low, high = High;
        // What was left of the atom before need not come from memory.
        Vector256<double> innovation = Vector256<double>.Zero;
        int known = -1;
        for (; i < count; i++, rows += neighbors)
        {
            long at = 4L * i;
            Vector256<double> b = Site(at), timed = Timed(at, b), p = timed;
            int k = 0;
            for (; k + 4 <= before; k += 4)
            {
                p += _weights[k] * Vector256.Load(innovations + 4L * rows[k]);
                p += _weights[k + 1] * Vector256.Load(innovations + 4L * rows[k + 1]);
                p += _weights[k + 2] * Vector256.Load(innovations + 4L * rows[k + 2]);
                p += _weights[k + 3] * Vector256.Load(innovations + 4L * rows[k + 3]);
            }

            for (; k < before; k++)
                p += _weights[k] * Vector256.Load(innovations + 4L * rows[k]);
            if (before >= 0)
                p += _weights[before] * (rows[before] == known ? innovation : Vector256.Load(innovations + 4L * rows[before]));

            bool isException = TDirection.Encodes
                ? images != null && (images[3L * i] | images[3L * i + 1] | images[3L * i + 2]) != 0 : i == _specialRow;
            if (isException || (folds && !_folding.IsInside(p)))
                break;
            // Steps count from where the atom is expected, so that what was foretold costs nothing; decimals from 0.
            Vector256<long> expected = (divides ? p * factor + magic : magic).AsInt64(), whole;
            if (TDirection.Encodes)
            {
                Vector256<double> wanted = Vector256.Load(positions + at);
                whole = ((divides ? wanted : wanted - p) * factor + magic).AsInt64();
                Vector256<double> near = whole.AsDouble() - magic, x = divides ? near / scale : p + near * scale;
                Vector256<double> error = Vector256.Abs(x - wanted);
                // Negated, so that what is not finite is caught.
                if (!Vector256.LessThanOrEqualAll(error, _limit))
                    break;
                (whole - expected).Store(residuals + 3L * i);
                (largest, low, high) = (Vector256.Max(largest, error), Vector256.Min(low, x), Vector256.Max(high, x));
                p = x;
            }
            else
            {
                whole = expected + (Vector256.Load(residuals + 3L * i) & Vector256.Create(-1, -1, -1, 0));
                Vector256<double> near = whole.AsDouble() - magic;
                p = divides ? near / scale : p + near * scale;
                finite += p - p;
            }

            p.Store(positions + at);
            if (keepsAll)
                p.Store(followed + at);
            (innovation, known) = (p - timed, i);
            innovation.Store(innovations + at);
            Vector256<double> u = p - b;
            (Vector256.Load(sum + at) + u).Store(sum + at);
            u.Store(last2 + at);
        }

        (Finite, LargestError, Low, High) = (finite, largest, low, high);
        return i;
    }

    /// <summary>An atom that may be expected outside the box, have images, or come back in full.</summary>
    private void Exception(int i)
    {
        long at = 4L * i;
        List<SpecialAtom> specials = _coder.Specials;
        List<long> crossings = _coder.Crossings;
        double* position = _positions + at;
        long* residual = _residuals + 3L * i;
        ReadOnlySpan<int> image = _images == null ? [0, 0, 0] : new(_images + 3L * i, 3);
        Vector256<double> b = Site(at), timed = Timed(at, b), p = timed;
        int* rows = _state.NeighborRows.Pointer + (long)i * _neighbors;
        for (int k = 0; k < _neighbors; k++)
            p += _weights[k] * Vector256.Load(_innovations + 4L * rows[k]);

        // Where the atom is expected is folded into the box; how often, is added to what comes back.
        Vector256<double> moved = Vector256<double>.Zero, free = p;
        SpecialAtom special = default;
        if (!TDirection.Encodes && i == _specialRow)
        {
            special = specials[_nextSpecial++];
            _specialRow = _nextSpecial < specials.Count ? specials[_nextSpecial].Row : -1;
            moved = _folding.Edges(special.ImageA, special.ImageB, special.ImageC);
        }
        else if (_folds && !_folding.IsInside(p))
        {
            moved = TDirection.Encodes
                ? _folding.Choose(p, image, i, crossings, specials) : _folding.Moved(p, crossings, ref _nextCrossing);
        }
        else if (TDirection.Encodes && _folds && (image[0] | image[1] | image[2]) != 0)
        {
            specials.Add(new(i, image[0], image[1], image[2], false, 0, 0, 0));
            moved = _folding.Edges(image[0], image[1], image[2]);
        }

        p -= moved;
        Vector256<double> wanted = TDirection.Encodes ? Vector256.Load(position) : default;
        Vector256<double> x = _grid == GridKind.Bits ? Bits(p, position, residual) : Steps(p, wanted, residual);
        if (TDirection.Encodes)
        {
            Vector256<double> error = Vector256.Abs(x - wanted);
            if (!Vector256.LessThanOrEqualAll(error, _limit))
            {
                if (specials.Count > 0 && specials[^1].Row == i)
                    specials.RemoveAt(specials.Count - 1);
                else if (_folds && !_folding.IsInside(free))
                    _folding.TakeBack(free, crossings);
                specials.Add(new(i, image[0], image[1], image[2], true, wanted[0], wanted[1], wanted[2]));
                residual[0] = residual[1] = residual[2] = 0;
                (x, error) = (wanted, Vector256<double>.Zero);
            }

            (LargestError, Low, High) = (Vector256.Max(LargestError, error), Vector256.Min(Low, x), Vector256.Max(High, x));
        }
        else if (special.IsExact)
        {
            x = Vector256.Create(special.X, special.Y, special.Z, 0);
        }

        Finite += x - x;
        x.Store(position);
        Vector256<double> y = x + moved, u = y - b;
        if (_keepsAll)
            y.Store(_state.Positions.Pointer + at);
        (y - timed).Store(_innovations + at);
        (Vector256.Load(_state.Sum.Pointer + at) + u).Store(_state.Sum.Pointer + at);
        u.Store(_state.Last2.Pointer + at);
    }

    /// <summary>Where the site and the field alone have an atom.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<double> Site(long at)
    {
        double* site = _state.Sites.Pointer + at;
        Vector256<double> b = _offset + _f0 * Vector256.Create(site[0]) + _f1 * Vector256.Create(site[1]) + _f2 * Vector256.Create(site[2]);
        return _usesField ? b + Vector256.Load(_state.Field.Pointer + at) : b;
    }

    /// <summary>And its past.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<double> Timed(long at, Vector256<double> b) => _usesTime
        ? b + _w1 * Vector256.Load(_state.Last1.Pointer + at) + _w2 * Vector256.Load(_state.Last2.Pointer + at) +
            _w3 * Vector256.Load(_state.Sum.Pointer + at)
        : b;

    private readonly Vector256<double> Steps(Vector256<double> p, Vector256<double> wanted, long* residual)
    {
        Vector256<double> magic = Vector256.Create(Magic);
        bool divides = _grid == GridKind.Decimals;
        Vector256<long> expected = (divides ? p * _factor + magic : magic).AsInt64();
        Vector256<long> whole = TDirection.Encodes ? ((divides ? wanted : wanted - p) * _factor + magic).AsInt64()
            : expected + Vector256.Create(residual[0], residual[1], residual[2], 0);
        for (int a = 0; TDirection.Encodes && a < 3; a++)
            residual[a] = whole[a] - expected[a];
        Vector256<double> near = whole.AsDouble() - magic;
        return divides ? near / _scale : p + near * _scale;
    }

    private static Vector256<double> Bits(Vector256<double> p, double* position, long* residual)
    {
        Vector256<double> x = Vector256<double>.Zero;
        for (int a = 0; a < 3; a++)
        {
            long expected = Grid.Bits.Whole(p.GetElement(a));
            if (TDirection.Encodes)
                residual[a] = Grid.Bits.Whole(position[a]) - expected;
            x = x.WithElement(a, Grid.Bits.Real(expected + residual[a]));
        }

        return x;
    }
}
