using System.Runtime.Intrinsics;
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

    // Atoms whose squares are added up before they are added to the sums.
    private const int BlockLength = 1024;

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
        AnalysisOutput output = _context.Output;
        double* x = output.Reals(0), y = output.Reals(1), z = output.Reals(2), distance = output.Reals(3);
        double* r = _context.Particles.Positions, references = _reference.Positions;
        long* ids = _context.Ids;
        double unit = _context.HostPerAngstrom;
        int count = _context.Particles.LocalCount;
        Vector256<long> block = default;
        for (int i = 0; i < count; i++, r += 3)
        {
            int slot = _reference.Slot(ids[i]);
            bool isSelected = _context.IsSelected(i);
            if (slot < 0)
            {
                _sums[^1] += isSelected ? 1 : 0;
                continue;
            }

            Vector256<double> place = _isAffine ? CellMapping.Lanes(mapping.Position(new(r[0], r[1], r[2]))) : Lanes(r);
            Vector256<double> d = place - Lanes(references + 3L * slot);
            d = _unwraps ? CellMapping.Lanes(Followed(mapping, CellMapping.OfLanes(d), slot)) : mapping.Shortest(d);
            Vector256<double> squares = d * d, shown = d * unit;
            (x[i], y[i], z[i]) = (shown[0], shown[1], shown[2]);
            distance[i] = Math.Sqrt(squares[0] + squares[1] + squares[2]) * unit;
            if (!isSelected)
                continue;
            _sums[^2]++;
            if (Squares.TrySteps(squares, out Vector256<long> steps))
                block += steps;
            else
                for (int axis = 0; axis < 3; axis++)
                    Squares.Add(_sums.AsSpan(FixedSum.Length * axis), squares[axis]);
            if (_sums[^2] % BlockLength == 0)
                Flush(ref block);
        }

        Flush(ref block);
    }

    private static Vector256<double> Lanes(double* r) => Vector256.Create(Vector128.Load(r), Vector128.CreateScalar(r[2]));

    private void Flush(ref Vector256<long> block)
    {
        for (int axis = 0; axis < 3; axis++)
            FixedSum.AddSteps(_sums.AsSpan(FixedSum.Length * axis), block[axis]);
        block = default;
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
