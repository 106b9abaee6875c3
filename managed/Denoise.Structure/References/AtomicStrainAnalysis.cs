using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>
/// Strain of every atom's surroundings since the reference: the linear map F that takes the vectors d0 to the neighbors within a cutoff
/// in the reference to those of now, d, with the least D²min = Σ |F d0 - d|² (Falk and Langer 1998, doi:10.1103/PhysRevE.57.7192); the
/// Green-Lagrangian strain (FᵀF - 1) / 2, its volumetric part (a third of the trace) and its von Mises shear, after Shimizu, Ogata and
/// Li 2007, doi:10.2320/matertrans.MJ200769, as OVITO has them. Of the images of a neighbor that counts whose vector is nearest to that in
/// the reference, in fractions of the box. A neighbor that is no longer there is left out; an atom with neighbors in less than three
/// dimensions has no strain, and 0 is shown. Where a neighbor is on another rank, out of reach, the positions of all atoms are
/// exchanged, 32 bytes each on every rank.
/// </summary>
public sealed unsafe class AtomicStrainAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("strain",
        $"strain:cutoff=RC[,{ReferenceConfiguration.Usage}][,{CellMapping.Usage}]",
        "atomic strain and D2min (Falk & Langer 1998) since a reference (the first frame)", Create);

    private const int Grain = 1 << 9;

    // A determinant, relative to the cube of a third of the trace, below which neighbors lie in a plane.
    private const double Flat = 1e-9;

    private const int Shear = 0;
    private const int Volumetric = 1;
    private const int Nonaffine = 2;
    private const int Tensor = 3;

    private static readonly FixedSum Mean = new(1.0 / (1L << 40));

    private readonly WorkerPool _pool;
    private readonly ReferenceConfiguration _reference;
    private readonly bool _isAffine;
    private readonly SiteGrid _grid = new();
    private readonly NativeBuffer<SiteNeighbor>[] _found;
    private readonly NativeBuffer<Vec3>[] _present;
    private readonly NativeBuffer<int> _where = new();
    private readonly NativeBuffer<long> _gathered = new();
    private readonly NativeBuffer<double> _home = new();
    private readonly NativeBuffer<bool> _isMeasured = new();
    private readonly long[] _missing;
    private readonly long[] _sums = new long[3 * FixedSum.Length + 2];
    private readonly Action _locate;
    private readonly Action _measure;
    private readonly WorkerPool.Body _lookSome;
    private readonly WorkerPool.Body _measureSome;

    private AnalysisContext _context = null!;
    private CellMapping _mapping;
    private CellMapping _referenceCell;
    private bool _hasGrid;

    internal AtomicStrainAnalysis(WorkerPool pool, ReferenceConfiguration reference, double cutoff, bool isAffine)
    {
        (_pool, _reference, Cutoff, _isAffine) = (pool, reference, cutoff, isAffine);
        _found = [.. Enumerable.Range(0, pool.Count).Select(_ => new NativeBuffer<SiteNeighbor>())];
        _present = [.. Enumerable.Range(0, pool.Count).Select(_ => new NativeBuffer<Vec3>())];
        _missing = new long[pool.Count];
        (_locate, _measure, _lookSome, _measureSome) = (Locate, Measure, Look, Measure);
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } =
    [
        new("shear_strain", ColumnKind.Real, "ShearStrain"), new("volumetric_strain", ColumnKind.Real, "VolumetricStrain"),
        new("d2min", ColumnKind.Real, "NonaffineSquaredDisplacement"),
        new("strain[1]", ColumnKind.Real, "StrainTensor.XX"), new("strain[2]", ColumnKind.Real, "StrainTensor.YY"),
        new("strain[3]", ColumnKind.Real, "StrainTensor.ZZ"), new("strain[4]", ColumnKind.Real, "StrainTensor.XY"),
        new("strain[5]", ColumnKind.Real, "StrainTensor.XZ"), new("strain[6]", ColumnKind.Real, "StrainTensor.YZ"),
    ];

    public IReadOnlyList<AnalysisGlobal> Globals { get; } =
    [
        new("shear_strain_mean", ColumnKind.Real), new("volumetric_strain_mean", ColumnKind.Real), new("d2min_mean", ColumnKind.Real),
        new("strain_unknown_atoms", ColumnKind.Integer),
    ];

    public double Cutoff { get; }

    public int ExchangeWidth => 3;

    public FrameMemory Memory => _reference.Memory;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _reference.Require(context);
        context.Attempt(_locate);
        // Of a neighbor counts where its owner has it: which of its images are here, and how they are rounded, depends on the ranks.
        context.Halo.Forward(_home.Pointer, ExchangeWidth);
        _gathered.Resize(0);
        if (context.Communicator.Size > 1)
        {
            // What is missing may be gone, or on another rank.
            Span<long> missing = _missing.AsSpan(0, 1);
            for (int worker = 1; worker < _missing.Length; worker++)
                missing[0] += _missing[worker];
            context.Sum(missing);
            if (missing[0] > 0)
                Gather();
        }

        context.Attempt(_measure);
        Reduce();
    }

    public void Dispose()
    {
        _reference.Dispose();
        _grid.Dispose();
        foreach (NativeBuffer<SiteNeighbor> found in _found)
            found.Dispose();
        foreach (NativeBuffer<Vec3> present in _present)
            present.Dispose();
        _where.Dispose();
        _home.Dispose();
        _gathered.Dispose();
        _isMeasured.Dispose();
    }

    private static AtomicStrainAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        double cutoff = arguments.Length("cutoff");
        bool isAffine = CellMapping.IsAffine(arguments);
        return new(services.Pool, new("strain", arguments, services), cutoff, isAffine);
    }

    /// <summary>Which owned atom, or else which ghost, has which place in the reference; and whether any neighbor is away.</summary>
    private void Locate()
    {
        if (!_hasGrid)
            _grid.Build(_reference.Positions, _reference.Count, _reference.Box, Cutoff);
        _hasGrid = true;
        _mapping = new(_context.Box!, _reference.Box, _isAffine);
        _referenceCell = new(_reference.Box, _reference.Box, isAffine: true);
        _where.Resize(_reference.Count);
        _where.Span.Fill(-1);
        for (int i = _context.Particles.Count - 1; i >= 0; i--)
        {
            int slot = _reference.Slot(_context.Ids[i]);
            if (slot >= 0)
                _where[slot] = i;
        }

        _home.Resize(3L * _context.Particles.Count + 1);
        long coordinates = 3L * _context.Particles.LocalCount;
        for (long k = 0; k < coordinates; k++)
            _home[k] = _context.Particles.Positions[k];
        _isMeasured.Resize(_context.Particles.LocalCount);
        Array.Clear(_missing);
        if (_context.Communicator.Size > 1)
            _pool.Run(_context.Particles.LocalCount, Grain, _lookSome);
    }

    private void Look(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            int slot = _reference.Slot(_context.Ids[i]);
            if (slot < 0)
                continue;
            _grid.Within(slot, Cutoff, _found[worker]);
            foreach (ref readonly SiteNeighbor neighbor in _found[worker].Span)
                _missing[worker] += _where[neighbor.Site] < 0 ? 1 : 0;
        }
    }

    /// <summary>Positions of all atoms of the reference that are anywhere. Collective.</summary>
    private void Gather()
    {
        const int Width = 4;
        _gathered.Resize((long)Width * _reference.Count);
        _gathered.Clear();
        for (int i = 0; i < _context.Particles.LocalCount; i++)
        {
            int slot = _reference.Slot(_context.Ids[i]);
            if (slot < 0)
                continue;
            long* row = _gathered.Pointer + (long)Width * slot;
            double* r = _context.Particles.Positions + 3L * i;
            row[0] = 1;
            for (int axis = 0; axis < 3; axis++)
                row[1 + axis] = BitConverter.DoubleToInt64Bits(r[axis]);
        }

        Replicated.Sum(_context, _gathered);
    }

    private void Measure() => _pool.Run(_context.Particles.LocalCount, Grain, _measureSome);

    private void Measure(int begin, int end, int worker)
    {
        NativeBuffer<SiteNeighbor> found = _found[worker];
        for (int i = begin; i < end; i++)
        {
            _isMeasured[i] = false;
            int slot = _reference.Slot(_context.Ids[i]);
            if (slot < 0)
                continue;
            _grid.Within(slot, Cutoff, found);
            _isMeasured[i] = Measure(i, found, _present[worker]);
        }
    }

    private bool Measure(int atom, NativeBuffer<SiteNeighbor> found, NativeBuffer<Vec3> present)
    {
        // V = Σ d0 d0ᵀ, W = Σ d d0ᵀ, over the neighbors that are still there.
        double* center = _context.Particles.Positions + 3L * atom;
        Vec3 r = new(center[0], center[1], center[2]);
        present.Resize(found.Length);
        int count = 0;
        Matrix3 v = default, w = default;
        for (int k = 0; k < found.Length; k++)
        {
            SiteNeighbor neighbor = found[k];
            if (!TryVector(neighbor, r, out Vec3 d))
                continue;
            v = v.Plus(neighbor.Vector, neighbor.Vector);
            w = w.Plus(d, neighbor.Vector);
            (found[count], present[count]) = (neighbor, d);
            count++;
        }

        double size = (v.X.X + v.Y.Y + v.Z.Z) / 3;
        if (!(v.Determinant > Flat * size * size * size))
            return false;
        Matrix3 f = w.Times(v.Inverse);
        double d2min = 0;
        for (int k = 0; k < count; k++)
        {
            Vec3 rest = f.Times(found[k].Vector) - present[k];
            d2min += Vec3.Dot(rest, rest);
        }

        Write(atom, f, d2min);
        return true;
    }

    /// <summary>Where the neighbor is now; returns false where it is gone.</summary>
    private bool TryVector(in SiteNeighbor neighbor, Vec3 center, out Vec3 vector)
    {
        vector = default;
        int index = _where[neighbor.Site];
        Vec3 position;
        if (index >= 0)
        {
            double* r = _home.Pointer + 3L * index;
            position = new(r[0], r[1], r[2]);
        }
        else
        {
            long* row = _gathered.Pointer + 4L * neighbor.Site;
            if (_gathered.Length == 0 || row[0] == 0)
                return false;
            position = new(BitConverter.Int64BitsToDouble(row[1]), BitConverter.Int64BitsToDouble(row[2]),
                BitConverter.Int64BitsToDouble(row[3]));
        }

        Vec3 fraction = _mapping.Fractional(position - center), former = _referenceCell.Fractional(neighbor.Vector);
        Vec3 whole = _mapping.Whole(former - fraction);
        vector = _isAffine ? _mapping.Vector(fraction + whole) : position - center + _mapping.Vector(whole);
        return true;
    }

    private void Write(int atom, Matrix3 f, double d2min)
    {
        Matrix3 square = f.Transposed.Times(f);
        double xx = (square.X.X - 1) / 2, yy = (square.Y.Y - 1) / 2, zz = (square.Z.Z - 1) / 2;
        double xy = square.X.Y / 2, xz = square.X.Z / 2, yz = square.Y.Z / 2;
        double differences = (xx - yy) * (xx - yy) + (xx - zz) * (xx - zz) + (yy - zz) * (yy - zz);
        AnalysisOutput output = _context.Output;
        output.Reals(Shear)[atom] = Math.Sqrt(xy * xy + xz * xz + yz * yz + differences / 6);
        output.Reals(Volumetric)[atom] = (xx + yy + zz) / 3;
        output.Reals(Nonaffine)[atom] = d2min * _context.HostPerAngstrom * _context.HostPerAngstrom;
        ReadOnlySpan<double> tensor = [xx, yy, zz, xy, xz, yz];
        for (int k = 0; k < tensor.Length; k++)
            output.Reals(Tensor + k)[atom] = tensor[k];
    }

    private void Reduce()
    {
        Array.Clear(_sums);
        for (int i = 0; i < _context.Particles.LocalCount; i++)
        {
            if (!_context.IsSelected(i))
                continue;
            if (!_isMeasured[i])
            {
                _sums[^1]++;
                continue;
            }

            for (int column = 0; column < Tensor; column++)
                Mean.Add(_sums.AsSpan(FixedSum.Length * column), _context.Output.Reals(column)[i]);
            _sums[^2]++;
        }

        _context.Sum(_sums);
        Span<double> globals = _context.Output.Globals;
        for (int column = 0; column < Tensor; column++)
            globals[column] = Mean.Value(_sums.AsSpan(FixedSum.Length * column)) / Math.Max(1, _sums[^2]);
        globals[Tensor] = _sums[^1];
    }
}
