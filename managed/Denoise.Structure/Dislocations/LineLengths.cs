using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// The length that every core atom stands for: 1/n, n being the number of atoms per length of the core it lies in, within a kernel along
/// the line. Summed over a line this is its length, however wide or rough the core. Where too few atoms around agree on the Burgers vector
/// there is no line, because lines do not end inside of a crystal: what noise leaves here and there is no dislocation.
/// </summary>
internal sealed class LineLengths : IDisposable
{
    private const int Grain = 32;

    // In distances of nearest neighbors.
    private const double KernelRadius = 3;

    // Least per distance of nearest neighbors. Cores have two and a half or more; the end of a line at a surface half of that.
    private const double LeastAtoms = 1;

    private readonly WorkerPool _pool;
    private readonly double _near;
    private readonly double _coreRadius;
    private readonly LatticeMaps _maps;
    private readonly DislocationCores _cores;
    private readonly LineFinder _lines;
    private readonly NativeBuffer<double> _lengths = new();
    private readonly SearchScratch[] _scratch;
    private readonly WorkerPool.Body _measureSome;

    /// <param name="near">Å, the crystal's distance of nearest neighbors</param>
    /// <param name="coreRadius">Å around a line in which its core is</param>
    /// <param name="maps">borrowed</param>
    /// <param name="cores">borrowed</param>
    /// <param name="lines">borrowed</param>
    /// <param name="pool">threads, borrowed</param>
    public LineLengths(double near, double coreRadius, LatticeMaps maps, DislocationCores cores, LineFinder lines, WorkerPool pool)
    {
        (_pool, _near, _coreRadius, _maps, _cores, _lines) = (pool, near, coreRadius, maps, cores, lines);
        _scratch = SearchScratch.ForThreads(pool.Count);
        _measureSome = Measure;
    }

    /// <summary>Å, that of the k-th core atom; 0 where there is no line.</summary>
    public double Of(int k) => _lengths[k];

    /// <summary>Measures those of the owned core atoms.</summary>
    public void Measure()
    {
        _lengths.Resize(_cores.Atoms.Length);
        _pool.Run(_cores.Atoms.Length, Grain, _measureSome);
    }

    public void Dispose()
    {
        _lengths.Dispose();
        foreach (SearchScratch scratch in _scratch)
            scratch.Dispose();
    }

    private void Measure(int begin, int end, int worker)
    {
        NativeBuffer<NearAtom> found = _scratch[worker].Near;
        double kernel = KernelRadius * _near;
        for (int k = begin; k < end; k++)
        {
            int atom = _cores.Atoms[k], family = _lines.FamilyOf(atom);
            _lengths[k] = 0;
            if (family == 0)
                continue;
            Vec3 here = _maps.Cells.At(atom), burgers = _lines.BurgersOf(atom);
            (Vec3 center, Vec3 line) = _lines.AxisOf(k);
            _maps.Cells.Within(here, kernel + LineFinder.MostOff * _near + _coreRadius, found);
            double perLength = 0;
            foreach (NearAtom near in found.Span)
            {
                if (!_cores.IsCore(near.Index) || _lines.FamilyOf(near.Index) != family)
                    continue;
                double along = Vec3.Dot(near.Vector, line) / kernel;
                Vec3 off = near.Vector + here - center;
                off -= line * Vec3.Dot(off, line);
                Vec3 also = _lines.BurgersOf(near.Index);
                bool isSame = Math.Min((burgers - also).Length, (burgers + also).Length) < 0.4 * burgers.Length;
                if (Math.Abs(along) < 1 && off.Length < _coreRadius && isSame)
                    perLength += 15.0 / 16 * (1 - along * along) * (1 - along * along) / kernel;
            }

            _lengths[k] = perLength * _near > LeastAtoms ? 1 / perLength : 0;
        }
    }
}
