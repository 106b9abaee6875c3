using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;
using Denoise.Structure.Clusters;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// Dislocations of fcc and bcc crystals: the atoms of their cores, the Nye tensor there (<see cref="NyeTensor"/>), the Burgers vector by
/// a circuit around every core atom (<see cref="BurgersCircuit"/>), and lengths by family.
/// <para>
/// Atoms that the identification names as the crystal get a lattice correspondence tensor from their neighbors; others (cores, and hcp
/// atoms of stacking faults in fcc) from those neighbors that match under the tensors around them, as Hartley and Mishin do. A core atom
/// is neither crystal nor fault, nor are many atoms absent around it (surface), nor is the crystal there turned by more than 15 degrees
/// from one side to the other (boundary). The direction of the line is that in which the Nye tensor, summed over the core, carries its
/// content. A core atom stands for the length 1/n of its line, n being the number of atoms per length of the core it lies in: summed
/// over a line this is its length, however wide or rough the core. Circuits that close, as around vacancies, leave no dislocation.
/// Core atoms that are close to each other are one line, or several that meet.
/// </para>
/// </summary>
public sealed unsafe class DislocationAnalysis : IAnalysis
{
    private const int Grain = 256;
    private const int GuideRounds = 3;

    // Values per atom: class and tensor; whether a core and Nye tensor; family and Burgers vector.
    private const int MapWidth = 10, NyeWidth = 10, LineWidth = 4;

    // In distances of nearest neighbors.
    private const double Reach = 6, CoreRadius = 2.0, MostOff = 1.5, Link = 1.5, SurfaceRadius = 2.5, KernelRadius = 3, CircuitReach = 0.6;

    // Of the atoms in a sphere, least that are there inside of a crystal; of the crystal's, most that are turned away; of those around a
    // line, most that are no crystal: more are a melt, or thermal noise.
    private const double LeastDensity = 0.82, MostTurned = 0.2, MostDefects = 0.2;

    private static readonly double SameCrystal = Math.Cos(15 * Math.PI / 180);
    private static readonly double[] CircuitRadii = [2.4, 2.9, 3.4];
    private static readonly FixedSum Lengths = new(1.0 / (1 << 20));

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("dislocations", "dislocations:structure=fcc|bcc,lattice=A",
        "dislocation cores, Nye tensor (Hartley & Mishin 2005), Burgers vectors by circuits, line lengths and density", Create);

    private readonly WorkerPool _pool;
    private readonly IdealCrystal _crystal;
    private readonly double _lattice;
    private readonly double _near;
    private readonly AdaptiveCommonNeighborAnalysis _identifier;
    private readonly NearestNeighborFinder<MapVisitor> _finder;
    private readonly AtomCells _cells = new();
    private readonly NativeBuffer<int> _types = new();
    private readonly NativeBuffer<float> _maps = new();
    private readonly NativeBuffer<float> _nyes = new();
    private readonly NativeBuffer<float> _lines = new();
    private readonly NativeBuffer<bool> _isNearCore = new();
    private readonly NativeBuffer<int> _unmapped = new();
    private readonly NativeBuffer<float> _guided = new();
    private readonly NativeBuffer<int> _cores = new();
    private readonly NativeBuffer<Vec3> _axes = new();
    private readonly ClusterAnalysis _clusters;
    private readonly AnalysisOutput _clusterOutput;
    private readonly Scratch[] _scratch;
    private readonly long[] _sums;
    private readonly Action _map, _guide, _curl, _circle, _measure;
    private readonly WorkerPool.Body _guideSome, _markSome, _curlSome, _circleSome, _measureSome;

    private AnalysisContext _context = null!;
    private long* _labels;
    private int _localCount;

    private DislocationAnalysis(IdealCrystal crystal, double lattice, AnalysisServices services)
    {
        (_pool, _crystal, _lattice, _near) = (services.Pool, crystal, lattice, crystal.NearestDistance * lattice);
        _identifier = new(services.Pool, services.Grid);
        _finder = new(services.Pool, services.Grid);
        _clusters = new(services.Pool, "dislocation_line", new AtomChoice(atom => _labels[atom] != 0, "dislocations"), Link * _near);
        _clusterOutput = new(_clusters);
        _scratch = [.. Enumerable.Range(0, services.Pool.Count).Select(_ => new Scratch())];
        (_map, _guide, _curl, _circle, _measure) = (Map, Guide, Curl, Circle, Measure);
        (_guideSome, _markSome, _curlSome, _circleSome, _measureSome) = (Guide, Mark, Curl, Circle, Measure);
        Globals =
        [
            new("dislocation_core_atoms", ColumnKind.Integer), new("dislocation_length", ColumnKind.Real),
            new("dislocation_density", ColumnKind.Real), new("dislocation_lines", ColumnKind.Integer),
            .. crystal.Families.Select(family => new AnalysisGlobal($"dislocation_length_{family.Name}", ColumnKind.Real)),
            new("dislocation_length_other", ColumnKind.Real),
        ];
        _sums = new long[1 + FixedSum.Length * (crystal.Families.Count + 1)];
    }

    /// <summary>
    /// 0: none, 1, 2, ...: the family of the line's Burgers vector in the order of the globals, the last being other; Nye tensor's
    /// magnitude per length; Burgers vector, a length, and direction of the line, in the axes of the sample; length that the atom stands
    /// for; number of the line, the one with most atoms being 1.
    /// </summary>
    public IReadOnlyList<AnalysisColumn> Columns { get; } =
    [
        new("dislocation", ColumnKind.Integer), new("dislocation_nye", ColumnKind.Real),
        new("dislocation_burgers[1]", ColumnKind.Real), new("dislocation_burgers[2]", ColumnKind.Real),
        new("dislocation_burgers[3]", ColumnKind.Real), new("dislocation_line[1]", ColumnKind.Real),
        new("dislocation_line[2]", ColumnKind.Real), new("dislocation_line[3]", ColumnKind.Real),
        new("dislocation_atom_length", ColumnKind.Real), new("dislocation_line_number", ColumnKind.Integer),
    ];

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => Reach * _near;

    public int ExchangeWidth => MapWidth;

    public void Run(AnalysisContext context)
    {
        (_context, _localCount) = (context, context.Particles.LocalCount);
        context.Attempt(_map);
        context.Halo.Forward(_maps.Pointer, MapWidth);
        for (int round = 0; round < GuideRounds; round++)
        {
            context.Attempt(_guide);
            context.Halo.Forward(_maps.Pointer, MapWidth);
        }

        context.Attempt(_curl);
        context.Halo.Forward(_nyes.Pointer, NyeWidth);
        context.Attempt(_circle);
        context.Halo.Forward(_lines.Pointer, LineWidth);
        context.Attempt(_measure);
        Number();
        Reduce();
    }

    public void Dispose()
    {
        _identifier.Dispose();
        _finder.Dispose();
        _cells.Dispose();
        _clusters.Dispose();
        _clusterOutput.Dispose();
        _types.Dispose();
        _maps.Dispose();
        _nyes.Dispose();
        _lines.Dispose();
        _isNearCore.Dispose();
        _unmapped.Dispose();
        _guided.Dispose();
        _cores.Dispose();
        _axes.Dispose();
        foreach (Scratch scratch in _scratch)
            scratch.Dispose();
    }

    private static DislocationAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        string structure = arguments.Text("structure") ?? throw arguments.Wrong("a structure must be given");
        structure = arguments.Choice("structure", structure, "fcc", "bcc");
        return new(structure == "fcc" ? IdealCrystal.FaceCentered : IdealCrystal.BodyCentered, arguments.Length("lattice"), services);
    }

    /// <summary>Classes of the owned atoms, and the tensors of those of the crystal.</summary>
    private void Map()
    {
        ParticleView particles = _context.Particles;
        int* types = _context.StructureTypes;
        if (types == null)
        {
            _types.Resize(_localCount);
            _identifier.Identify(particles, _context.NearestRange, _types.Pointer);
            types = _types.Pointer;
        }

        _maps.Resize((long)MapWidth * particles.Count);
        _nyes.Resize((long)NyeWidth * particles.Count);
        _lines.Resize((long)LineWidth * particles.Count);
        _isNearCore.Resize(_localCount);
        int shell = _crystal.Shell.Length;
        _finder.Run(particles, shell, shell, Math.Min(_context.NearestRange, Cutoff), new(this, types));
        _cells.Build(particles, CoreRadius * _near);
        _unmapped.Resize(_localCount);
        int count = 0;
        for (int i = 0; i < _localCount; i++)
            if (!IsMapped(i))
                _unmapped[count++] = i;
        _unmapped.Resize(count);
        _guided.Resize((long)MapWidth * count);
    }

    private void Map(int atom, in NearestNeighbors nearest, int type)
    {
        int shell = _crystal.Shell.Length;
        AtomClass kind = type == (int)_crystal.Type ? AtomClass.Crystal
            : type == (int)StructureType.Hcp && _crystal.Type == StructureType.Fcc ? AtomClass.Fault
            : AtomClass.Defect;
        Matrix3 map = default;
        bool isMapped = false;
        if (kind == AtomClass.Crystal && nearest.Count >= shell)
        {
            Span<Vec3> vectors = stackalloc Vec3[shell];
            for (int k = 0; k < shell; k++)
                vectors[k] = new(nearest.X[k], nearest.Y[k], nearest.Z[k]);
            // Of another lattice parameter, it is another crystal.
            isMapped = _crystal.TryMap(vectors, out map) && Math.Abs(Product(map, map) * _lattice * _lattice / 3 - 1.25) < 0.75;
        }

        Write(_maps.Pointer + (long)MapWidth * atom, (float)kind + (isMapped ? Mapped : 0), map);
    }

    /// <summary>One step further into cores and faults: atoms that have neighbors with tensors get theirs.</summary>
    private void Guide()
    {
        _pool.Run((int)_unmapped.Length, Grain, _guideSome);
        for (int k = 0; k < _unmapped.Length; k++)
            new Span<float>(_guided.Pointer + (long)MapWidth * k, MapWidth).CopyTo(
                new(_maps.Pointer + (long)MapWidth * _unmapped[k], MapWidth));
    }

    private void Guide(int begin, int end, int worker)
    {
        Scratch scratch = _scratch[worker];
        for (int k = begin; k < end; k++)
        {
            int atom = _unmapped[k];
            float* row = _guided.Pointer + (long)MapWidth * k;
            new Span<float>(_maps.Pointer + (long)MapWidth * atom, MapWidth).CopyTo(new(row, MapWidth));
            if (IsMapped(atom) || !TryGuide(atom, scratch, out Matrix3 map))
                continue;
            Write(row, row[0] + Mapped, map);
        }
    }

    private bool TryGuide(int atom, Scratch scratch, out Matrix3 map)
    {
        map = default;
        FindShell(atom, scratch.Near);
        scratch.Vectors.Resize(scratch.Near.Length);
        (int first, double least, int others) = (-1, double.PositiveInfinity, 0);
        foreach (NearAtom near in scratch.Near.Span)
        {
            if (near.Index == atom)
                continue;
            scratch.Vectors[others++] = near.Vector;
            double square = Vec3.Dot(near.Vector, near.Vector);
            if (IsMapped(near.Index) && square < least)
                (first, least) = (near.Index, square);
        }

        if (first < 0)
            return false;
        Matrix3 next = MapOf(first), sum = default;
        int count = 0;
        foreach (NearAtom near in scratch.Near.Span)
        {
            if (near.Index == atom || !IsMapped(near.Index))
                continue;
            Matrix3 other = IdealCrystal.Turned(MapOf(near.Index), next, out _);
            if (!IsSameCrystal(other, next))
                continue;
            sum = Add(sum, other, 1);
            count++;
        }

        Matrix3 mean = Add(default, sum, 1.0 / count);
        return _crystal.Match(scratch.Vectors.Span[..others], mean, out map) > 0;
    }

    private void Curl()
    {
        _isNearCore.Clear();
        _pool.Run(_context.Particles.Count, 16 * Grain, _markSome);
        _pool.Run(_localCount, Grain, _curlSome);
        _cores.Resize(_localCount);
        int count = 0;
        for (int i = 0; i < _localCount; i++)
            if (IsCore(i))
                _cores[count++] = i;
        _cores.Resize(count);
        _axes.Resize(2L * count);
    }

    /// <summary>Owned atoms whose Nye tensor is wanted: those around atoms that are neither crystal nor fault.</summary>
    private void Mark(int begin, int end, int worker)
    {
        NativeBuffer<NearAtom> found = _scratch[worker].Near;
        for (int i = begin; i < end; i++)
        {
            if (ClassOf(i) != AtomClass.Defect)
                continue;
            _cells.Within(_cells.At(i), CoreRadius * _near, found);
            foreach (NearAtom near in found.Span)
                if (near.Index < _localCount)
                    _isNearCore[near.Index] = true;
        }
    }

    private void Curl(int begin, int end, int worker)
    {
        Scratch scratch = _scratch[worker];
        for (int i = begin; i < end; i++)
        {
            float* row = _nyes.Pointer + (long)NyeWidth * i;
            new Span<float>(row, NyeWidth).Clear();
            if (!_isNearCore[i] || !IsMapped(i))
                continue;
            Matrix3 map = MapOf(i);
            NyeTensor nye = default;
            FindShell(i, scratch.Near);
            foreach (NearAtom near in scratch.Near.Span)
            {
                if (near.Index == i || !IsMapped(near.Index))
                    continue;
                Matrix3 other = IdealCrystal.Turned(MapOf(near.Index), map, out _);
                if (IsSameCrystal(other, map))
                    nye.Add(near.Vector, Add(other, map, -1));
            }

            bool isCore = ClassOf(i) == AtomClass.Defect && IsInside(i, map, scratch.Near);
            Write(row, isCore ? 1 : 0, nye.TryGet(out Matrix3 tensor) ? tensor : default);
            _context.Output.Reals(1)[i] = Math.Sqrt(Product(tensor, tensor)) * _lattice / _context.HostPerAngstrom;
        }
    }

    /// <summary>Whether a defect is in a crystal: no surface, and no boundary.</summary>
    private bool IsInside(int atom, in Matrix3 map, NativeBuffer<NearAtom> found)
    {
        double radius = SurfaceRadius * _near;
        _cells.Within(_cells.At(atom), radius, found);
        double expected = _crystal.AtomsPerCell * 4 * Math.PI / 3 * Math.Pow(radius / _lattice, 3);
        int crystal = 0, turned = 0;
        foreach (NearAtom near in found.Span)
        {
            if (ClassOf(near.Index) != AtomClass.Crystal || !IsMapped(near.Index))
                continue;
            crystal++;
            turned += IsSameCrystal(IdealCrystal.Turned(MapOf(near.Index), map, out _), map) ? 0 : 1;
        }

        return found.Length > LeastDensity * expected && crystal > 0 && turned <= MostTurned * crystal;
    }

    private void Circle() => _pool.Run((int)_cores.Length, Grain / 8, _circleSome);

    private void Circle(int begin, int end, int worker)
    {
        NativeBuffer<NearAtom> found = _scratch[worker].Near;
        Span<BurgersCircuit.Corner> corners = stackalloc BurgersCircuit.Corner[16];
        for (int k = begin; k < end; k++)
        {
            int atom = _cores[k];
            Vec3 here = _cells.At(atom), center = CoreCenter(here, found);
            Matrix3 map = MapOf(atom);
            Vec3 line = LineDirection(map, found);
            (_axes[2L * k], _axes[2L * k + 1]) = (center, line);
            _cells.Within(center, 1.1 * (CircuitRadii[^1] + CircuitReach) * _near, found);
            (int family, Vec3 burgers, Matrix3 around) = (0, default, map);
            int defects = 0;
            foreach (NearAtom near in found.Span)
                defects += ClassOf(near.Index) == AtomClass.Defect ? 1 : 0;
            foreach (double radius in CircuitRadii)
            {
                if (defects > MostDefects * found.Length)
                    break;
                BurgersCircuit circuit = new(corners, line, radius * _near, CircuitReach * _near);
                foreach (NearAtom near in found.Span)
                {
                    if (ClassOf(near.Index) == AtomClass.Defect || !IsMapped(near.Index))
                        continue;
                    Matrix3 other = IdealCrystal.Turned(MapOf(near.Index), map, out _);
                    if (IsSameCrystal(other, map))
                        circuit.Add(near.Vector, other);
                }

                if (!circuit.TryClose(out Vec3 open, out Matrix3 mean) || !double.IsFinite(open.Length))
                    continue;
                around = mean;
                int snapped = _crystal.Snap(open, _crystal.Tolerance, out burgers);
                family = snapped >= 0 ? snapped + 1 : open.Length < _crystal.Tolerance ? 0 : _crystal.Families.Count + 1;
                if (snapped < 0)
                    burgers = open;
                if (family <= _crystal.Families.Count)
                    break;
            }

            float* row = _lines.Pointer + (long)LineWidth * atom;
            burgers = family == 0 ? default : around.Inverse.Times(burgers);
            (row[0], row[1], row[2], row[3]) = (family, (float)burgers.X, (float)burgers.Y, (float)burgers.Z);
        }
    }

    /// <summary>The middle of the core around a point; leaves what is around it.</summary>
    private Vec3 CoreCenter(Vec3 atom, NativeBuffer<NearAtom> found)
    {
        Vec3 center = atom;
        for (int step = 0; ; step++)
        {
            _cells.Within(center, CoreRadius * _near, found);
            if (step == 2)
                return center;
            Vec3 sum = default;
            int count = 0;
            foreach (NearAtom near in found.Span)
            {
                if (!IsCore(near.Index))
                    continue;
                sum += near.Vector;
                count++;
            }

            if (count == 0)
                continue;
            // No further off than atoms are surely known around it.
            Vec3 off = center + sum * (1.0 / count) - atom;
            center = atom + off * Math.Min(1, MostOff * _near / Math.Max(off.Length, 1e-9));
        }
    }

    /// <summary>
    /// The direction n for which |Σ α n| is largest, pointing to where its first component that is not small is positive.
    /// </summary>
    private Vec3 LineDirection(in Matrix3 map, NativeBuffer<NearAtom> found)
    {
        Matrix3 content = default;
        foreach (NearAtom near in found.Span)
        {
            Matrix3 tensor = Read(_nyes.Pointer + (long)NyeWidth * near.Index);
            if (!IsMapped(near.Index) || tensor == default)
                continue;
            _ = IdealCrystal.Turned(MapOf(near.Index), map, out int rotation);
            content = Add(content, IdealCrystal.Rotations[rotation].Times(tensor), 1);
        }

        // The square of the matrix sixteen times over: its columns point along the largest eigenvector.
        Matrix3 power = content.Transposed.Times(content);
        for (int k = 0; k < 6; k++)
        {
            double trace = power.X.X + power.Y.Y + power.Z.Z;
            if (!(trace > 0))
                return new(0, 0, 1);
            power = Add(default, power, 1 / trace);
            power = power.Times(power);
        }

        Vec3 n = power.X.Length > power.Y.Length ? power.X : power.Y;
        n = n.Length > power.Z.Length ? n : power.Z;
        if (!(n.Length > 0) || !double.IsFinite(n.Length))
            return new(0, 0, 1);
        n *= 1 / n.Length;
        double small = 0.4 * Math.Max(Math.Abs(n.X), Math.Max(Math.Abs(n.Y), Math.Abs(n.Z)));
        double leading = Math.Abs(n.X) > small ? n.X : Math.Abs(n.Y) > small ? n.Y : n.Z;
        return leading < 0 ? n * -1 : n;
    }

    private void Measure()
    {
        _clusterOutput.Resize(_localCount);
        _pool.Run((int)_cores.Length, Grain / 8, _measureSome);
    }

    /// <summary>The length that every core atom stands for: one over the number per length, within a kernel along the line.</summary>
    private void Measure(int begin, int end, int worker)
    {
        NativeBuffer<NearAtom> found = _scratch[worker].Near;
        double kernel = KernelRadius * _near, radius = CoreRadius * _near;
        AnalysisOutput output = _context.Output;
        for (int k = begin; k < end; k++)
        {
            int atom = _cores[k];
            float* row = _lines.Pointer + (long)LineWidth * atom;
            if (row[0] == 0)
                continue;
            Vec3 here = _cells.At(atom), center = _axes[2L * k], line = _axes[2L * k + 1], burgers = new(row[1], row[2], row[3]);
            _cells.Within(here, kernel + MostOff * _near + radius, found);
            double perLength = 0;
            foreach (NearAtom near in found.Span)
            {
                float* other = _lines.Pointer + (long)LineWidth * near.Index;
                if (!IsCore(near.Index) || other[0] != row[0])
                    continue;
                double along = Vec3.Dot(near.Vector, line) / kernel;
                Vec3 off = near.Vector + here - center;
                off -= line * Vec3.Dot(off, line);
                Vec3 also = new(other[1], other[2], other[3]);
                bool isSame = Math.Min((burgers - also).Length, (burgers + also).Length) < 0.4 * burgers.Length;
                if (Math.Abs(along) < 1 && off.Length < radius && isSame)
                    perLength += 15.0 / 16 * (1 - along * along) * (1 - along * along) / kernel;
            }

            output.Integers(0)[atom] = (int)row[0];
            for (int axis = 0; axis < 3; axis++)
            {
                output.Reals(2 + axis)[atom] = burgers[axis] * _context.HostPerAngstrom;
                output.Reals(5 + axis)[atom] = line[axis];
            }

            output.Reals(8)[atom] = (perLength > 0 ? 1 / perLength : 0) * _context.HostPerAngstrom;
        }
    }

    /// <summary>Numbers the lines: clusters of core atoms. Collective.</summary>
    private void Number()
    {
        AnalysisOutput output = _context.Output;
        _labels = output.Integers(0);
        _context.Output = _clusterOutput;
        try
        {
            _clusters.Run(_context);
        }
        finally
        {
            _context.Output = output;
        }

        _clusterOutput.Raw(0).CopyTo(new(output.Integers(9), _localCount));
        output.Globals[3] = _clusterOutput.Globals[0];
    }

    private void Reduce()
    {
        Array.Clear(_sums);
        AnalysisOutput output = _context.Output;
        for (int i = 0; i < _localCount; i++)
        {
            int family = (int)output.Integers(0)[i];
            if (family == 0 || !_context.IsSelected(i))
                continue;
            _sums[0]++;
            Lengths.Add(_sums.AsSpan(1 + FixedSum.Length * (family - 1)), output.Reals(8)[i] / _context.HostPerAngstrom);
        }

        _context.Sum(_sums);
        double all = 0;
        for (int f = 0; f <= _crystal.Families.Count; f++)
            all += output.Globals[4 + f] = Lengths.Value(_sums.AsSpan(1 + FixedSum.Length * f)) * _context.HostPerAngstrom;
        double volume = (_context.Box?.Volume ?? 0) * Math.Pow(_context.HostPerAngstrom, 3);
        (output.Globals[0], output.Globals[1], output.Globals[2]) = (_sums[0], all, volume > 0 ? all / volume : 0);
    }

    // Of a row: class, and whether there is a tensor.
    private const int Mapped = 4;

    private AtomClass ClassOf(int atom) => (AtomClass)((int)_maps[(long)MapWidth * atom] & (Mapped - 1));

    private bool IsMapped(int atom) => _maps[(long)MapWidth * atom] >= Mapped;

    private Matrix3 MapOf(int atom) => Read(_maps.Pointer + (long)MapWidth * atom);

    private bool IsCore(int atom) => _nyes[(long)NyeWidth * atom] != 0;

    private void FindShell(int atom, NativeBuffer<NearAtom> found) =>
        _cells.Within(_cells.At(atom), 1.1 * _crystal.ShellReach * _lattice, found);

    private static bool IsSameCrystal(in Matrix3 a, in Matrix3 b)
    {
        // 1 + 2 cos(angle) of the rotation between them.
        double cosine = (3 * Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b)) - 1) / 2;
        return cosine > SameCrystal;
    }

    private static double Product(in Matrix3 a, in Matrix3 b) => Vec3.Dot(a.X, b.X) + Vec3.Dot(a.Y, b.Y) + Vec3.Dot(a.Z, b.Z);

    private static Matrix3 Add(in Matrix3 a, in Matrix3 b, double times) => new(a.X + b.X * times, a.Y + b.Y * times, a.Z + b.Z * times);

    private static Matrix3 Read(float* row) => new(new(row[1], row[2], row[3]), new(row[4], row[5], row[6]), new(row[7], row[8], row[9]));

    private static void Write(float* row, float head, in Matrix3 m)
    {
        (row[0], row[1], row[2], row[3]) = (head, (float)m.X.X, (float)m.X.Y, (float)m.X.Z);
        (row[4], row[5], row[6]) = ((float)m.Y.X, (float)m.Y.Y, (float)m.Y.Z);
        (row[7], row[8], row[9]) = ((float)m.Z.X, (float)m.Z.Y, (float)m.Z.Z);
    }

    private enum AtomClass
    {
        Defect = 0,
        Crystal = 1,
        Fault = 2,
    }

    private sealed class Scratch : IDisposable
    {
        public NativeBuffer<NearAtom> Near { get; } = new();

        public NativeBuffer<Vec3> Vectors { get; } = new();

        public void Dispose()
        {
            Near.Dispose();
            Vectors.Dispose();
        }
    }

    private readonly struct MapVisitor(DislocationAnalysis analysis, int* types) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            bool isEnough = nearest.Count >= analysis._crystal.Shell.Length || nearest.IsFinal;
            if (isEnough)
                analysis.Map(atom, nearest, types[atom]);
            return isEnough;
        }
    }
}
