using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// The line through every core atom: its direction, in which the Nye tensor, summed over the core, carries its content, and its Burgers
/// vector by a circuit (<see cref="BurgersCircuit"/>). Circuits that close, as around vacancies, leave no line.
/// </summary>
internal sealed unsafe class LineFinder : IDisposable
{
    /// <summary>Of a row: family, Burgers vector.</summary>
    public const int Width = 4;

    /// <summary>Farthest that the middle of the core is from an atom of it, in distances of nearest neighbors.</summary>
    public const double MostOff = 1.5;

    private const int Grain = 32;

    // In distances of nearest neighbors.
    private const double CircuitReach = 0.75;

    // Of those around a line, most that are no crystal: more are a melt, or thermal noise.
    private const double MostDefects = 0.2;

    private static readonly double[] CircuitRadii = [2.4, 2.9, 3.4];

    private readonly WorkerPool _pool;
    private readonly IdealCrystal _crystal;
    private readonly double _near;
    private readonly double _coreRadius;
    private readonly LatticeMaps _maps;
    private readonly DislocationCores _cores;
    private readonly NativeBuffer<float> _lines = new();
    private readonly NativeBuffer<Vec3> _axes = new();
    private readonly SearchScratch[] _scratch;
    private readonly WorkerPool.Body _circleSome;

    /// <param name="crystal">whose dislocations are sought</param>
    /// <param name="near">Å, its distance of nearest neighbors</param>
    /// <param name="coreRadius">Å around a line in which its core is</param>
    /// <param name="maps">borrowed</param>
    /// <param name="cores">borrowed</param>
    /// <param name="pool">threads, borrowed</param>
    public LineFinder(IdealCrystal crystal, double near, double coreRadius, LatticeMaps maps, DislocationCores cores, WorkerPool pool)
    {
        (_pool, _crystal, _near, _coreRadius, _maps, _cores) = (pool, crystal, near, coreRadius, maps, cores);
        _scratch = SearchScratch.ForThreads(pool.Count);
        _circleSome = Circle;
    }

    /// <summary>[atoms, <see cref="Width"/>] of core atoms, for the exchange with ghosts.</summary>
    public float* Rows => _lines.Pointer;

    /// <summary>0: none, 1, 2, ...: the family of the Burgers vector, the last being other. Of a core atom.</summary>
    public int FamilyOf(int atom) => (int)_lines[(long)Width * atom];

    /// <summary>In the axes and lengths of the sample. Of a core atom.</summary>
    public Vec3 BurgersOf(int atom)
    {
        float* row = _lines.Pointer + (long)Width * atom;
        return new(row[1], row[2], row[3]);
    }

    /// <summary>A point of the line of the k-th core atom, and its direction.</summary>
    public (Vec3 Center, Vec3 Line) AxisOf(int k) => (_axes[2L * k], _axes[2L * k + 1]);

    /// <summary>Finds those of the owned core atoms.</summary>
    /// <param name="atoms">owned and ghost</param>
    public void Find(int atoms)
    {
        _lines.Resize((long)Width * atoms);
        _axes.Resize(2L * _cores.Atoms.Length);
        _pool.Run(_cores.Atoms.Length, Grain, _circleSome);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _axes.Dispose();
        foreach (SearchScratch scratch in _scratch)
            scratch.Dispose();
    }

    private void Circle(int begin, int end, int worker)
    {
        NativeBuffer<NearAtom> found = _scratch[worker].Near;
        Span<BurgersCircuit.Corner> corners = stackalloc BurgersCircuit.Corner[16];
        for (int k = begin; k < end; k++)
        {
            int atom = _cores.Atoms[k];
            Vec3 here = _maps.Cells.At(atom), center = CoreCenter(here, found);
            Matrix3 map = _maps.MapOf(atom);
            Vec3 line = LineDirection(map, found);
            (_axes[2L * k], _axes[2L * k + 1]) = (center, line);
            _maps.Cells.Within(center, 1.1 * (CircuitRadii[^1] + CircuitReach) * _near, found);
            (int family, Vec3 burgers, Matrix3 around) = (0, default, map);
            int defects = 0;
            foreach (NearAtom near in found.Span)
                defects += _maps.ClassOf(near.Index) == AtomClass.Defect ? 1 : 0;
            foreach (double radius in CircuitRadii)
            {
                if (defects > MostDefects * found.Length)
                    break;
                BurgersCircuit circuit = new(corners, line, radius * _near, CircuitReach * _near);
                foreach (NearAtom near in found.Span)
                {
                    if (_maps.ClassOf(near.Index) == AtomClass.Defect || !_maps.IsMapped(near.Index))
                        continue;
                    Matrix3 other = _crystal.Turned(_maps.MapOf(near.Index), map, out _);
                    if (TensorRow.IsSameCrystal(other, map))
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

            float* row = _lines.Pointer + (long)Width * atom;
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
            _maps.Cells.Within(center, _coreRadius, found);
            if (step == 2)
                return center;
            Vec3 sum = default;
            int count = 0;
            foreach (NearAtom near in found.Span)
            {
                if (!_cores.IsCore(near.Index))
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
            Matrix3 tensor = _cores.NyeTensorOf(near.Index);
            if (!_maps.IsMapped(near.Index) || tensor == default)
                continue;
            _ = _crystal.Turned(_maps.MapOf(near.Index), map, out int rotation);
            content = TensorRow.Add(content, _crystal.Rotations[rotation].Times(tensor), 1);
        }

        // The square of the matrix sixteen times over: its columns point along the largest eigenvector.
        Matrix3 power = content.Transposed.Times(content);
        for (int k = 0; k < 6; k++)
        {
            double trace = power.X.X + power.Y.Y + power.Z.Z;
            if (!(trace > 0))
                return new(0, 0, 1);
            power = TensorRow.Add(default, power, 1 / trace);
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
}
