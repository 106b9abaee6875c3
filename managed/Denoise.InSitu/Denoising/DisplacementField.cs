using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// Where the atoms of a frame have moved to: r = s R + D, with the frame's positions R in Å, the length scale s and the
/// displacements D in model Å. Works in the particles' own positions, which are s R + D from <see cref="Begin"/> to
/// <see cref="ToAngstrom"/>. Ghosts that are images made here follow their owners; those of a host receive D, which all images
/// of an atom share.
/// </summary>
internal sealed unsafe class DisplacementField : IDisposable
{
    private const int Grain = 1 << 12;

    // Per model Å: sums and differences of its multiples are exact in double precision.
    private const double Grid = 1 << 30;

    private readonly WorkerPool _pool;
    private readonly bool _isExact;
    private readonly NativeBuffer<double> _displacements = new();
    private readonly NativeBuffer<float> _marked = new();
    private readonly NativeBuffer<float> _steps = new();
    private readonly MoveRecord[] _moves;
    private readonly WorkerPool.Body _multiply;
    private readonly WorkerPool.Body _round;
    private readonly WorkerPool.Body _subtract;
    private readonly WorkerPool.Body _follow;
    private readonly WorkerPool.Body _place;
    private readonly WorkerPool.Body _mark;

    private Particles _particles = null!;
    private double _scale;
    private double _factor;
    private double _hostToModel;
    private double _bound2;
    private bool _hasHost;
    private float* _prediction;
    private byte* _active;
    private double* _hostPositions;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="isExact">
    /// positions and displacements are multiples of 1e-9 model Å, so that a ghost is in the same place, to the last bit, whether it follows
    /// its owner or receives D
    /// </param>
    public DisplacementField(WorkerPool pool, bool isExact)
    {
        (_pool, _isExact) = (pool, isExact);
        _moves = new MoveRecord[pool.Count];
        (_multiply, _round, _subtract) = (Multiply, Round, Subtract);
        (_follow, _place, _mark) = (FollowOwners, PlaceGhosts, MarkAtoms);
    }

    /// <summary>[nLocal, and ghosts of a host, 3] D.</summary>
    public double* Displacements => _displacements.Pointer;

    /// <summary>[nLocal, and ghosts of a host] how far each was moved by the last step.</summary>
    public float* Steps => _steps.Pointer;

    /// <summary>
    /// Largest distance, model Å, that an atom or ghost of this rank has moved since <see cref="Mark"/>; set to that of all ranks, all
    /// make their lists anew together.
    /// </summary>
    public double LargestMove { get; set; }

    /// <summary>Nothing has moved.</summary>
    /// <param name="particles">whose positions, in Å, become model Å</param>
    /// <param name="scale">model Å per Å</param>
    /// <param name="lengthUnit">Å per length of the host</param>
    public void Begin(Particles particles, double scale, double lengthUnit)
    {
        (_particles, _scale, _hostToModel) = (particles, scale, scale * lengthUnit);
        _hasHost = !particles.Halo.TryGetOwners(out _);
        long values = 3L * (_hasHost ? particles.Count : particles.LocalCount);
        _displacements.Resize(values);
        _displacements.Clear();
        _marked.Resize(values);
        _steps.Resize(values / 3);
        _marked.Clear();
        LargestMove = 0;
        Multiply(scale);
        if (_isExact)
            _pool.Run(particles.Count, Grain, _round);
    }

    /// <summary>D &lt;- D - prediction for the owned atoms, but no |D| becomes longer than a bound.</summary>
    /// <param name="prediction">[nLocal, 3] model Å; kept until <see cref="Update"/>, shortened where an atom is held back</param>
    /// <param name="bound">model Å</param>
    /// <param name="active">[nLocal] 0 where an atom stays; null: none does</param>
    public FieldMove Subtract(float* prediction, double bound, byte* active)
    {
        _prediction = prediction;
        _active = active;
        _bound2 = bound * bound;
        MoveRecord all = Run(_particles.LocalCount, _subtract);
        LargestMove = Math.Sqrt(all.Move2);
        return new()
        {
            FirstWrong = all.FirstWrong == int.MaxValue ? -1 : all.FirstWrong,
            LargestPrediction = Math.Sqrt(all.Prediction2),
            LargestDisplacement = Math.Sqrt(all.Displacement2),
        };
    }

    /// <summary>Moves the ghosts, after D has reached those of a host.</summary>
    /// <param name="frame">of the particles</param>
    public void Update(in FrameInput frame)
    {
        fixed (double* positions = frame.Positions)
        {
            _hostPositions = positions;
            MoveRecord ghosts = Run(_particles.GhostCount, _hasHost ? _place : _follow);
            LargestMove = Math.Max(LargestMove, Math.Sqrt(ghosts.Move2));
        }
    }

    /// <summary>From here on <see cref="LargestMove"/> is measured.</summary>
    public void Mark()
    {
        _pool.Run((int)(_displacements.Length / 3), Grain, _mark);
        LargestMove = 0;
    }

    /// <summary>Takes all moves back: the positions are s R again.</summary>
    public void Undo()
    {
        int* owners = _particles.Halo.TryGetOwners(out int* found) ? found : null;
        for (int i = 0; i < _particles.Count; i++)
        {
            double* d = Displacements + 3L * (i < _particles.LocalCount || _hasHost ? i : owners[i - _particles.LocalCount]);
            double* r = _particles.Positions + 3L * i;
            (r[0], r[1], r[2]) = (r[0] - d[0], r[1] - d[1], r[2] - d[2]);
        }
    }

    /// <summary>Turns the positions into Å, for what is done after the network.</summary>
    public void ToAngstrom() => Multiply(1 / _scale);

    public void Dispose()
    {
        _displacements.Dispose();
        _marked.Dispose();
        _steps.Dispose();
    }

    private void Multiply(double factor)
    {
        _factor = factor;
        _pool.Run(_particles.Count, Grain, _multiply);
    }

    /// <summary>A loop with one record per thread; their union.</summary>
    private MoveRecord Run(int items, WorkerPool.Body body)
    {
        Array.Fill(_moves, MoveRecord.None);
        _pool.Run(items, Grain, body);
        MoveRecord all = MoveRecord.None;
        foreach (MoveRecord move in _moves)
            all = all.Union(move);
        return all;
    }

    private void Multiply(int begin, int end, int worker)
    {
        double* r = _particles.Positions;
        for (long k = 3L * begin; k < 3L * end; k++)
            r[k] *= _factor;
    }

    private void Round(int begin, int end, int worker)
    {
        double* r = _particles.Positions;
        for (long k = 3L * begin; k < 3L * end; k++)
            r[k] = Math.Round(r[k] * Grid) / Grid;
    }

    private void Subtract(int begin, int end, int worker)
    {
        MoveRecord record = _moves[worker];
        for (int i = begin; i < end; i++)
        {
            float* p = _prediction + 3L * i, marked = _marked.Pointer + 3L * i;
            double* d = Displacements + 3L * i, r = _particles.Positions + 3L * i;
            if (_active != null && _active[i] == 0)
            {
                _steps[i] = 0;
                record.Displacement2 = Math.Max(record.Displacement2, d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                record.Move2 = Math.Max(record.Move2, Distance2(d, marked));
                continue;
            }

            double length2 = (double)p[0] * p[0] + (double)p[1] * p[1] + (double)p[2] * p[2];
            if (!double.IsFinite(length2))
            {
                record.FirstWrong = Math.Min(record.FirstWrong, i);
                break;
            }

            record.Prediction2 = Math.Max(record.Prediction2, length2);
            double displacement2 = Distance2(d, p);
            if (displacement2 > _bound2)
            {
                HoldBack(d, p, Math.Sqrt(_bound2 / displacement2));
                displacement2 = _bound2;
            }

            for (int axis = 0; _isExact && axis < 3; axis++)
                p[axis] = (float)(Math.Round(p[axis] * Grid) / Grid);
            _steps[i] = Length(p[0], p[1], p[2]);
            (d[0], d[1], d[2]) = (d[0] - p[0], d[1] - p[1], d[2] - p[2]);
            (r[0], r[1], r[2]) = (r[0] - p[0], r[1] - p[1], r[2] - p[2]);
            record.Displacement2 = Math.Max(record.Displacement2, displacement2);
            record.Move2 = Math.Max(record.Move2, Distance2(d, marked));
        }

        _moves[worker] = record;
    }

    /// <summary>Shortens p so that d - p is multiplied by a factor below 1. Images follow p, so they go where their owner goes.</summary>
    private static void HoldBack(double* d, float* p, double factor)
    {
        for (int axis = 0; axis < 3; axis++)
            p[axis] = (float)(d[axis] - (d[axis] - p[axis]) * factor);
    }

    private void FollowOwners(int begin, int end, int worker)
    {
        double* r = _particles.Positions + 3L * (_particles.LocalCount + (long)begin);
        for (int g = begin; g < end; g++, r += 3)
        {
            int owner = _particles.Owners[g];
            float* p = _prediction + 3L * owner;
            if (_steps[owner] > 0)
                (r[0], r[1], r[2]) = (r[0] - p[0], r[1] - p[1], r[2] - p[2]);
        }
    }

    private void PlaceGhosts(int begin, int end, int worker)
    {
        double move2 = _moves[worker].Move2;
        for (int i = _particles.LocalCount + begin; i < _particles.LocalCount + end; i++)
        {
            double* d = Displacements + 3L * i, r = _particles.Positions + 3L * i, host = _hostPositions + 3L * _particles.Rows[i];
            double x = r[0], y = r[1], z = r[2];
            for (int axis = 0; axis < 3; axis++)
            {
                double before = host[axis] * _hostToModel;
                r[axis] = (_isExact ? Math.Round(before * Grid) / Grid : before) + d[axis];
            }

            _steps[i] = Length(r[0] - x, r[1] - y, r[2] - z);

            move2 = Math.Max(move2, Distance2(d, _marked.Pointer + 3L * i));
        }

        _moves[worker].Move2 = move2;
    }

    private void MarkAtoms(int begin, int end, int worker)
    {
        for (long k = 3L * begin; k < 3L * end; k++)
            _marked[k] = (float)_displacements[k];
    }

    private static float Length(double x, double y, double z) => (float)Math.Sqrt(x * x + y * y + z * z);

    private static double Distance2(double* d, float* marked)
    {
        double x = d[0] - marked[0], y = d[1] - marked[1], z = d[2] - marked[2];
        return x * x + y * y + z * z;
    }

    /// <summary>Largest squares, Å^2, that a thread has seen.</summary>
    private struct MoveRecord
    {
        public double Prediction2;
        public double Displacement2;
        public double Move2;
        public int FirstWrong;

        public static MoveRecord None => new() { FirstWrong = int.MaxValue };

        public readonly MoveRecord Union(in MoveRecord other) => new()
        {
            Prediction2 = Math.Max(Prediction2, other.Prediction2),
            Displacement2 = Math.Max(Displacement2, other.Displacement2),
            Move2 = Math.Max(Move2, other.Move2),
            FirstWrong = Math.Min(FirstWrong, other.FirstWrong),
        };
    }
}
