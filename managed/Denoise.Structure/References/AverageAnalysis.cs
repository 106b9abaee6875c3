using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>
/// Time average of the positions of atoms, by id: the arithmetic mean of the frames so far, and after N frames the exponential one in
/// which a new frame weighs 1/N, m ← m + (r - m) / min(n, N) for the n-th frame. It takes vibrations away, as denoising does from one
/// frame, but needs many frames and smears what moves meanwhile. Averaged are displacements from the reference, of which the image nearest
/// to the former average counts. Every rank holds 32 bytes more per atom of the reference, and as many are exchanged per frame.
/// </summary>
public sealed unsafe class AverageAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("average", $"average:frames=N[,{ReferenceConfiguration.Usage}]",
        "time average of positions over about N frames; must see every frame", Create);

    private const int Width = 4;
    private const int MostFrames = 1_000_000;

    private static readonly FixedSum Squares = new(1.0 / (1L << 32));

    private readonly ReferenceConfiguration _reference;
    private readonly int _frames;

    // [reference, 4] frames that the atom was in, at most as many as are averaged, and its mean displacement, Å.
    private readonly NativeBuffer<double> _means = new();
    private readonly NativeBuffer<long> _exchanged = new();
    private readonly long[] _sums = new long[FixedSum.Length + 2];
    private readonly Action _add;

    private AnalysisContext _context = null!;

    internal AverageAnalysis(ReferenceConfiguration reference, int frames) => (_reference, _frames, _add) = (reference, frames, Add);

    public IReadOnlyList<AnalysisColumn> Columns { get; } =
    [
        new("average_position[1]", ColumnKind.Real), new("average_position[2]", ColumnKind.Real),
        new("average_position[3]", ColumnKind.Real), new("average_distance", ColumnKind.Real),
    ];

    public IReadOnlyList<AnalysisGlobal> Globals { get; } =
        [new("average_rms", ColumnKind.Real), new("average_unknown_atoms", ColumnKind.Integer)];

    public double Cutoff => 0;

    public FrameMemory Memory => FrameMemory.All;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _reference.Require(context);
        context.Attempt(_add);
        if (context.Communicator.Size > 1)
            Exchange();
        context.Sum(_sums);
        double mean = Squares.Value(_sums) / Math.Max(1, _sums[^2]);
        (context.Output.Globals[0], context.Output.Globals[1]) = (Math.Sqrt(mean) * context.HostPerAngstrom, _sums[^1]);
    }

    public void Dispose()
    {
        _reference.Dispose();
        _means.Dispose();
        _exchanged.Dispose();
    }

    private static AverageAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        int frames = arguments.Integer("frames", 0, 1, MostFrames);
        return frames > 0 ? new(new("average", arguments, services), frames) : throw arguments.Wrong("a number of 'frames' must be given");
    }

    private void Add()
    {
        if (_means.Length != (long)Width * _reference.Count)
        {
            _means.Resize((long)Width * _reference.Count);
            _means.Clear();
        }

        bool isShared = _context.Communicator.Size > 1;
        _exchanged.Resize(isShared ? _means.Length : 0);
        _exchanged.Clear();
        CellMapping mapping = new(_context.Box!, _reference.Box, isAffine: false);
        Array.Clear(_sums);
        for (int i = 0; i < _context.Particles.LocalCount; i++)
        {
            double* p = _context.Particles.Positions + 3L * i;
            Vec3 r = new(p[0], p[1], p[2]), off = default;
            int slot = _reference.Slot(_context.Ids[i]);
            if (slot >= 0)
            {
                off = Add(mapping, r, slot);
                for (int k = 0; isShared && k < Width; k++)
                    _exchanged[(long)Width * slot + k] = BitConverter.DoubleToInt64Bits(_means[(long)Width * slot + k]);
            }

            Vec3 average = (r - off) * _context.HostPerAngstrom;
            for (int axis = 0; axis < 3; axis++)
                _context.Output.Reals(axis)[i] = average[axis];
            _context.Output.Reals(3)[i] = off.Length * _context.HostPerAngstrom;
            if (!_context.IsSelected(i))
                continue;
            Squares.Add(_sums, Vec3.Dot(off, off));
            _sums[slot >= 0 ? ^2 : ^1]++;
        }
    }

    /// <summary>Takes a position into the mean; returns how far it is from that.</summary>
    private Vec3 Add(in CellMapping mapping, Vec3 r, int slot)
    {
        double* row = _means.Pointer + (long)Width * slot;
        Vec3 mean = new(row[1], row[2], row[3]), d = r - _reference.Position(slot);
        d = row[0] == 0 ? mapping.Shortest(d) : mean + mapping.Shortest(d - mean);
        row[0] = Math.Min(row[0] + 1, _frames);
        mean += (d - mean) * (1 / row[0]);
        (row[1], row[2], row[3]) = (mean.X, mean.Y, mean.Z);
        return d - mean;
    }

    /// <summary>Every rank learns the means of the others' atoms, for those will come to it. Collective.</summary>
    private void Exchange()
    {
        Replicated.Sum(_context, _exchanged);
        for (int slot = 0; slot < _reference.Count; slot++)
        {
            long* row = _exchanged.Pointer + (long)Width * slot;
            for (int k = 0; row[0] != 0 && k < Width; k++)
                _means[(long)Width * slot + k] = BitConverter.Int64BitsToDouble(row[k]);
        }
    }
}
