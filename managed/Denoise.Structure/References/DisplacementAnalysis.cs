using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>
/// How far atoms are from where they were in the reference, and the mean squared displacement: LAMMPS's compute msd and OVITO's
/// displacement vectors. Of the images of an atom that counts which is nearest to its place in the reference or, with 'unwrap', to
/// where the atom was in the frame before: it then may go farther than half a box, but no frame may be left out between which atoms move
/// as far. Every rank then holds 8 bytes more per atom of the reference.
/// </summary>
public sealed unsafe class DisplacementAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("msd", $"msd[:{ReferenceConfiguration.Usage}][,{CellMapping.Usage}][,unwrap]",
        "displacements from a reference (the first frame) and their mean square, as LAMMPS's msd", Create);

    // A displacement in boxes, as kept from frame to frame: 20 bits per direction, of which 10 are behind the point.
    private const int StepBits = 10;
    private const int CoordinateBits = 20;
    private const long CoordinateMask = (1L << CoordinateBits) - 1;
    private const long IsKnown = 1L << (3 * CoordinateBits);

    private static readonly FixedSum Squares = new(1.0 / (1L << 32));

    private readonly ReferenceConfiguration _reference;
    private readonly bool _isAffine;
    private readonly bool _unwraps;
    private readonly NativeBuffer<long> _before = new();
    private readonly NativeBuffer<long> _now = new();
    private readonly long[] _sums = new long[3 * FixedSum.Length + 2];
    private readonly Action _measure;

    private AnalysisContext _context = null!;

    internal DisplacementAnalysis(ReferenceConfiguration reference, bool isAffine, bool unwraps) =>
        (_reference, _isAffine, _unwraps, _measure) = (reference, isAffine, unwraps, Measure);

    public IReadOnlyList<AnalysisColumn> Columns { get; } =
    [
        new("reference_displacement[1]", ColumnKind.Real), new("reference_displacement[2]", ColumnKind.Real),
        new("reference_displacement[3]", ColumnKind.Real), new("reference_distance", ColumnKind.Real),
    ];

    public IReadOnlyList<AnalysisGlobal> Globals { get; } =
    [
        new("msd", ColumnKind.Real), new("msd[1]", ColumnKind.Real), new("msd[2]", ColumnKind.Real), new("msd[3]", ColumnKind.Real),
        new("msd_unknown_atoms", ColumnKind.Integer),
    ];

    public double Cutoff => 0;

    public FrameMemory Memory => _unwraps ? FrameMemory.All : _reference.Memory;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _reference.Require(context);
        if (_unwraps && _before.Length != _reference.Count)
        {
            _before.Resize(_reference.Count);
            _before.Clear();
        }

        context.Attempt(_measure);
        if (_unwraps)
            Remember();
        context.Sum(_sums);
        double square = context.HostPerAngstrom * context.HostPerAngstrom, count = Math.Max(1, _sums[^2]);
        Span<double> globals = context.Output.Globals;
        for (int axis = 0; axis < 3; axis++)
            globals[1 + axis] = Squares.Value(_sums.AsSpan(FixedSum.Length * axis)) / count * square;
        (globals[0], globals[4]) = (globals[1] + globals[2] + globals[3], _sums[^1]);
    }

    public void Dispose()
    {
        _reference.Dispose();
        _before.Dispose();
        _now.Dispose();
    }

    private static DisplacementAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        bool isAffine = CellMapping.IsAffine(arguments), unwraps = arguments.Flag("unwrap");
        return new(new("msd", arguments, services), isAffine, unwraps);
    }

    private void Measure()
    {
        CellMapping mapping = new(_context.Box!, _reference.Box, _isAffine);
        Array.Clear(_sums);
        _now.Resize(_unwraps ? _reference.Count : 0);
        _now.Clear();
        for (int i = 0; i < _context.Particles.LocalCount; i++)
        {
            int slot = _reference.Slot(_context.Ids[i]);
            if (slot < 0)
            {
                _sums[^1] += _context.IsSelected(i) ? 1 : 0;
                continue;
            }

            double* r = _context.Particles.Positions + 3L * i;
            Vec3 d = mapping.Position(new(r[0], r[1], r[2])) - _reference.Position(slot);
            d = _unwraps ? Followed(mapping, d, slot) : mapping.Shortest(d);
            for (int axis = 0; axis < 3; axis++)
                _context.Output.Reals(axis)[i] = d[axis] * _context.HostPerAngstrom;
            _context.Output.Reals(3)[i] = d.Length * _context.HostPerAngstrom;
            if (!_context.IsSelected(i))
                continue;
            for (int axis = 0; axis < 3; axis++)
                Squares.Add(_sums.AsSpan(FixedSum.Length * axis), d[axis] * d[axis]);
            _sums[^2]++;
        }
    }

    /// <summary>The image that is nearest to where the atom was, which is then where it is.</summary>
    private Vec3 Followed(in CellMapping mapping, Vec3 d, int slot)
    {
        if ((_before[slot] & IsKnown) == 0)
        {
            d = mapping.Shortest(d);
        }
        else
        {
            long before = _before[slot];
            Vec3 last = new(Unpack(before), Unpack(before >> CoordinateBits), Unpack(before >> (2 * CoordinateBits)));
            d += mapping.Vector(mapping.Whole(last - mapping.TargetFractional(d)));
        }

        Vec3 fraction = mapping.TargetFractional(d);
        _now[slot] = IsKnown | Pack(fraction.X) | (Pack(fraction.Y) << CoordinateBits) | (Pack(fraction.Z) << (2 * CoordinateBits));
        return d;
    }

    /// <summary>What all ranks have found; atoms that are away keep where they were. Collective.</summary>
    private void Remember()
    {
        Replicated.Sum(_context, _now);
        for (int slot = 0; slot < _reference.Count; slot++)
            if ((_now[slot] & IsKnown) != 0)
                _before[slot] = _now[slot];
    }

    private static long Pack(double fraction)
    {
        double steps = Math.Round(fraction * (1 << StepBits));
        return (steps > -(double)(1 << (CoordinateBits - 1)) && steps < 1 << (CoordinateBits - 1) ? (long)steps : 0) & CoordinateMask;
    }

    private static double Unpack(long packed) =>
        (double)(packed << (64 - CoordinateBits) >> (64 - CoordinateBits)) / (1 << StepBits);
}
