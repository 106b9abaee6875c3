using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// The class of every atom by the identification, and the lattice correspondence tensors: of atoms of the crystal from their neighbors;
/// of others, in cores and stacking faults, from those neighbors that match under the tensors around them, as Hartley and Mishin do,
/// one step further in at every call of <see cref="Guide()"/>.
/// </summary>
internal sealed unsafe class LatticeMaps : IDisposable
{
    private const int Grain = 256;

    // Of a row: class, and whether there is a tensor.
    private const int Mapped = 4;

    private readonly WorkerPool _pool;
    private readonly IdealCrystal _crystal;
    private readonly double _lattice;
    private readonly AdaptiveCommonNeighborAnalysis _identifier;
    private readonly NearestNeighborFinder<MapVisitor> _finder;
    private readonly NativeBuffer<int> _types = new();
    private readonly NativeBuffer<float> _maps = new();
    private readonly NativeBuffer<int> _unmapped = new();
    private readonly NativeBuffer<float> _guided = new();
    private readonly SearchScratch[] _scratch;
    private readonly WorkerPool.Body _guideSome;

    private int* _found;

    /// <param name="crystal">whose dislocations are sought</param>
    /// <param name="lattice">its lattice parameter, Å</param>
    /// <param name="services">borrowed</param>
    public LatticeMaps(IdealCrystal crystal, double lattice, AnalysisServices services)
    {
        (_pool, _crystal, _lattice) = (services.Pool, crystal, lattice);
        _identifier = new(services.Pool, services.Grid);
        _finder = new(services.Pool, services.Grid);
        _scratch = SearchScratch.ForThreads(services.Pool.Count);
        _guideSome = Guide;
    }

    /// <summary>All atoms by place.</summary>
    public AtomCells Cells { get; } = new();

    /// <summary>[atoms, <see cref="TensorRow.Width"/>], for the exchange with ghosts.</summary>
    public float* Rows => _maps.Pointer;

    public AtomClass ClassOf(int atom) => (AtomClass)((int)_maps[(long)TensorRow.Width * atom] & (Mapped - 1));

    /// <summary>Structure type of an owned atom.</summary>
    public int TypeOf(int atom) => _found[atom];

    public bool IsMapped(int atom) => _maps[(long)TensorRow.Width * atom] >= Mapped;

    public Matrix3 MapOf(int atom) => TensorRow.Read(_maps.Pointer + (long)TensorRow.Width * atom);

    /// <summary>Atoms up to the last shell of the crystal, the atom included.</summary>
    public void FindShell(int atom, NativeBuffer<NearAtom> found) =>
        Cells.Within(Cells.At(atom), 1.1 * _crystal.ShellReach * _lattice, found);

    /// <summary>Classes of the owned atoms, and the tensors of those of the crystal.</summary>
    /// <param name="context">the frame</param>
    /// <param name="cutoff">Å within which neighbors are there</param>
    /// <param name="cellSide">Å, of the cells</param>
    public void Find(AnalysisContext context, double cutoff, double cellSide)
    {
        ParticleView particles = context.Particles;
        int localCount = particles.LocalCount;
        int* types = context.StructureTypes;
        if (types == null)
        {
            _types.Resize(localCount);
            _identifier.Identify(particles, context.NearestRange, _types.Pointer);
            types = _types.Pointer;
        }

        _found = types;
        _maps.Resize((long)TensorRow.Width * particles.Count);
        int shell = _crystal.Shell.Length;
        _finder.Run(particles, shell, shell, Math.Min(context.NearestRange, cutoff), new(this, types));
        Cells.IsOrdered = context.Grid.OrdersRows;
        Cells.Build(particles, cellSide);
        _unmapped.Resize(localCount);
        int count = 0;
        for (int i = 0; i < localCount; i++)
            if (!IsMapped(i))
                _unmapped[count++] = i;
        _unmapped.Resize(count);
        _guided.Resize((long)TensorRow.Width * count);
    }

    /// <summary>One step further into cores and faults: atoms that have neighbors with tensors get theirs.</summary>
    public void Guide()
    {
        _pool.Run((int)_unmapped.Length, Grain, _guideSome);
        for (int k = 0; k < _unmapped.Length; k++)
            new Span<float>(_guided.Pointer + (long)TensorRow.Width * k, TensorRow.Width).CopyTo(
                new(_maps.Pointer + (long)TensorRow.Width * _unmapped[k], TensorRow.Width));
    }

    public void Dispose()
    {
        _identifier.Dispose();
        _finder.Dispose();
        Cells.Dispose();
        _types.Dispose();
        _maps.Dispose();
        _unmapped.Dispose();
        _guided.Dispose();
        foreach (SearchScratch scratch in _scratch)
            scratch.Dispose();
    }

    private void Map(int atom, in NearestNeighbors nearest, int type)
    {
        int shell = _crystal.Shell.Length;
        AtomClass kind = type == (int)_crystal.Type ? AtomClass.Crystal
            : type == (int?)_crystal.FaultType ? AtomClass.Fault
            : AtomClass.Defect;
        Matrix3 map = default;
        bool isMapped = false;
        if (kind == AtomClass.Crystal && nearest.Count >= shell)
        {
            Span<Vec3> vectors = stackalloc Vec3[shell];
            for (int k = 0; k < shell; k++)
                vectors[k] = new(nearest.X[k], nearest.Y[k], nearest.Z[k]);
            // Of another lattice parameter, it is another crystal.
            isMapped = _crystal.TryMap(vectors, out map) && Math.Abs(TensorRow.Product(map, map) * _lattice * _lattice / 3 - 1.25) < 0.75;
        }

        TensorRow.Write(_maps.Pointer + (long)TensorRow.Width * atom, (float)kind + (isMapped ? Mapped : 0), map);
    }

    private void Guide(int begin, int end, int worker)
    {
        SearchScratch scratch = _scratch[worker];
        for (int k = begin; k < end; k++)
        {
            int atom = _unmapped[k];
            float* row = _guided.Pointer + (long)TensorRow.Width * k;
            new Span<float>(_maps.Pointer + (long)TensorRow.Width * atom, TensorRow.Width).CopyTo(new(row, TensorRow.Width));
            if (IsMapped(atom) || !TryGuide(atom, scratch, out Matrix3 map))
                continue;
            TensorRow.Write(row, row[0] + Mapped, map);
        }
    }

    private bool TryGuide(int atom, SearchScratch scratch, out Matrix3 map)
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
            Matrix3 other = _crystal.Turned(MapOf(near.Index), next, out _);
            if (!TensorRow.IsSameCrystal(other, next))
                continue;
            sum = TensorRow.Add(sum, other, 1);
            count++;
        }

        Matrix3 mean = TensorRow.Add(default, sum, 1.0 / count);
        return _crystal.Match(scratch.Vectors.Span[..others], mean, out map) > 0;
    }

    private readonly struct MapVisitor(LatticeMaps maps, int* types) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            bool isEnough = nearest.Count >= maps._crystal.Shell.Length || nearest.IsFinal;
            if (isEnough)
                maps.Map(atom, nearest, types[atom]);
            return isEnough;
        }
    }
}
