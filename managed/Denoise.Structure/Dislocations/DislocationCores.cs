using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Structure.Analyses;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// The atoms of the cores, and the Nye tensors in and around them (<see cref="NyeTensor"/>). A core atom is neither crystal nor fault, nor
/// are many atoms absent around it (surface), nor is the crystal there turned by more than 15 degrees from one side to the other
/// (boundary).
/// </summary>
internal sealed unsafe class DislocationCores : IDisposable
{
    private const int Grain = 256;

    // Of the atoms in a sphere of so many distances of nearest neighbors, least that are there inside of a crystal; of the crystal's, most
    // that are turned away.
    private const double SurfaceRadius = 2.5, LeastDensity = 0.82, MostTurned = 0.2;

    private readonly WorkerPool _pool;
    private readonly IdealCrystal _crystal;
    private readonly double _lattice;
    private readonly double _near;
    private readonly LatticeMaps _maps;
    private readonly NativeBuffer<float> _nyes = new();
    private readonly NativeBuffer<bool> _isNearCore = new();
    private readonly NativeBuffer<int> _cores = new();
    private readonly SearchScratch[] _scratch;
    private readonly WorkerPool.Body _markSome, _curlSome;

    private AnalysisContext _context = null!;
    private int _localCount;
    private double _radius;
    private Vec3 _low, _high;
    private double* _magnitudes;

    /// <param name="crystal">whose dislocations are sought</param>
    /// <param name="lattice">its lattice parameter, Å</param>
    /// <param name="maps">borrowed</param>
    /// <param name="pool">threads, borrowed</param>
    public DislocationCores(IdealCrystal crystal, double lattice, LatticeMaps maps, WorkerPool pool)
    {
        (_pool, _crystal, _lattice, _near, _maps) = (pool, crystal, lattice, crystal.NearestDistance * lattice, maps);
        _scratch = SearchScratch.ForThreads(pool.Count);
        (_markSome, _curlSome) = (Mark, Curl);
    }

    /// <summary>[atoms, <see cref="TensorRow.Width"/>] whether a core, and Nye tensor; for the exchange with ghosts.</summary>
    public float* Rows => _nyes.Pointer;

    /// <summary>Owned ones.</summary>
    public ReadOnlySpan<int> Atoms => _cores.Span;

    public bool IsCore(int atom) => _nyes[(long)TensorRow.Width * atom] != 0;

    public Matrix3 NyeTensorOf(int atom) => TensorRow.Read(_nyes.Pointer + (long)TensorRow.Width * atom);

    /// <summary>Finds them; the magnitudes of the tensors are left in a column, per length of the host.</summary>
    /// <param name="context">the frame</param>
    /// <param name="radius">Å around the atoms that are neither crystal nor fault within which tensors are wanted</param>
    /// <param name="magnitudes">[owned] the column</param>
    public void Find(AnalysisContext context, double radius, double* magnitudes)
    {
        (_context, _localCount, _radius) = (context, context.Particles.LocalCount, radius);
        _magnitudes = magnitudes;
        _nyes.Resize((long)TensorRow.Width * context.Particles.Count);
        _isNearCore.Resize(_localCount);
        _isNearCore.Clear();
        Bound();
        _pool.Run(context.Particles.Count, 16 * Grain, _markSome);
        _pool.Run(_localCount, Grain, _curlSome);
        _cores.Resize(_localCount);
        int count = 0;
        for (int i = 0; i < _localCount; i++)
            if (IsCore(i))
                _cores[count++] = i;
        _cores.Resize(count);
    }

    public void Dispose()
    {
        _nyes.Dispose();
        _isNearCore.Dispose();
        _cores.Dispose();
        foreach (SearchScratch scratch in _scratch)
            scratch.Dispose();
    }

    /// <summary>Within a radius of where the owned atoms are: most ghosts are farther away.</summary>
    private void Bound()
    {
        Vec3 farthest = new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        (_low, _high) = (farthest, farthest * -1);
        for (int i = 0; i < _localCount; i++)
        {
            Vec3 at = _maps.Cells.At(i);
            _low = new(Math.Min(_low.X, at.X - _radius), Math.Min(_low.Y, at.Y - _radius), Math.Min(_low.Z, at.Z - _radius));
            _high = new(Math.Max(_high.X, at.X + _radius), Math.Max(_high.Y, at.Y + _radius), Math.Max(_high.Z, at.Z + _radius));
        }
    }

    private bool MayBeNear(Vec3 at) =>
        at.X >= _low.X && at.Y >= _low.Y && at.Z >= _low.Z && at.X <= _high.X && at.Y <= _high.Y && at.Z <= _high.Z;

    /// <summary>Owned atoms whose Nye tensor is wanted: those around atoms that are neither crystal nor fault.</summary>
    private void Mark(int begin, int end, int worker)
    {
        NativeBuffer<NearAtom> found = _scratch[worker].Near;
        for (int i = begin; i < end; i++)
        {
            if (_maps.ClassOf(i) != AtomClass.Defect || (i >= _localCount && !MayBeNear(_maps.Cells.At(i))))
                continue;
            _maps.Cells.Within(_maps.Cells.At(i), _radius, found);
            foreach (NearAtom near in found.Span)
                if (near.Index < _localCount)
                    _isNearCore[near.Index] = true;
        }
    }

    private void Curl(int begin, int end, int worker)
    {
        SearchScratch scratch = _scratch[worker];
        for (int i = begin; i < end; i++)
        {
            float* row = _nyes.Pointer + (long)TensorRow.Width * i;
            new Span<float>(row, TensorRow.Width).Clear();
            if (!_isNearCore[i] || !_maps.IsMapped(i))
                continue;
            Matrix3 map = _maps.MapOf(i);
            NyeTensor nye = default;
            _maps.FindShell(i, scratch.Near);
            foreach (NearAtom near in scratch.Near.Span)
            {
                if (near.Index == i || !_maps.IsMapped(near.Index))
                    continue;
                Matrix3 other = _crystal.Turned(_maps.MapOf(near.Index), map, out _);
                if (TensorRow.IsSameCrystal(other, map))
                    nye.Add(near.Vector, TensorRow.Add(other, map, -1));
            }

            bool isCore = _maps.ClassOf(i) == AtomClass.Defect && IsInside(i, map, scratch.Near);
            TensorRow.Write(row, isCore ? 1 : 0, nye.TryGet(out Matrix3 tensor) ? tensor : default);
            _magnitudes[i] = Math.Sqrt(TensorRow.Product(tensor, tensor)) * _lattice / _context.HostPerAngstrom;
        }
    }

    /// <summary>Whether a defect is in a crystal: no surface, and no boundary.</summary>
    private bool IsInside(int atom, in Matrix3 map, NativeBuffer<NearAtom> found)
    {
        double radius = SurfaceRadius * _near;
        _maps.Cells.Within(_maps.Cells.At(atom), radius, found);
        double expected = _crystal.AtomsPerCell * 4 * Math.PI / 3 * Math.Pow(radius / _lattice, 3);
        int crystal = 0, turned = 0;
        foreach (NearAtom near in found.Span)
        {
            if (_maps.ClassOf(near.Index) != AtomClass.Crystal || !_maps.IsMapped(near.Index))
                continue;
            crystal++;
            turned += TensorRow.IsSameCrystal(_crystal.Turned(_maps.MapOf(near.Index), map, out _), map) ? 0 : 1;
        }

        return found.Length > LeastDensity * expected && crystal > 0 && turned <= MostTurned * crystal;
    }
}
