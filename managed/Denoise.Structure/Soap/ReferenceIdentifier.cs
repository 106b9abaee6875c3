using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;

namespace Denoise.Structure.Soap;

/// <summary>
/// Names atoms by the nearest of the references, in the space of their projected descriptors. Only atoms of the densities' species are
/// looked at; only those of the first are named.
/// </summary>
public sealed unsafe class ReferenceIdentifier : IDisposable
{
    /// <summary>Of an atom that is not described.</summary>
    public const int NotNamed = -1;

    private const int Grain = 64;
    private const int Lanes = 4;

    private readonly ReferenceSet _set;
    private readonly WorkerPool _pool;
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _neighbors = new();
    private readonly RadialTable _radial;
    private readonly SoapSpectrum[] _spectra;
    private readonly NativeBuffer<double>[] _scratch;
    private readonly NativeBuffer<double> _projection = new();
    private readonly NativeBuffer<double> _positions = new();
    private readonly NativeBuffer<int> _species = new();
    private readonly NativeBuffer<int> _rows = new();
    private readonly WorkerPool.Body _identify;
    private readonly int _padded;

    private int* _labels;
    private double* _distances;

    /// <param name="set">what to compare with</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    public ReferenceIdentifier(ReferenceSet set, WorkerPool pool, CellGrid grid)
    {
        (_set, _pool, _builder, _radial, _identify) = (set, pool, new(pool, grid), new(set.Soap), IdentifySome);
        _spectra = [.. Enumerable.Range(0, pool.Count).Select(_ => new SoapSpectrum(set.Soap, _radial))];
        _padded = (set.Soap.Length + Lanes - 1) / Lanes * Lanes;
        _scratch = [.. Enumerable.Range(0, pool.Count).Select(_ => new NativeBuffer<double>())];
        foreach (NativeBuffer<double> scratch in _scratch)
        {
            scratch.Resize(_padded + set.Components);
            scratch.Clear();
        }

        _projection.Resize((long)_padded * set.Components);
        _projection.Clear();
        for (int k = 0; k < set.Components; k++)
            set.Projection.AsSpan(k * set.Soap.Length, set.Soap.Length).CopyTo(_projection.Span[(k * _padded)..]);
    }

    /// <summary>Å within which all neighbors of owned atoms must be there.</summary>
    public double Reach => _set.Soap.Reach;

    public long MemoryBytes => _neighbors.MemoryBytes + _positions.CapacityBytes + _species.CapacityBytes + _rows.CapacityBytes;

    /// <param name="particles">in Å</param>
    /// <param name="species">[particles.Count] of each, of whatever numbering</param>
    /// <param name="densityOf">density of species s at [s], negative: is not looked at</param>
    /// <param name="labels">[nLocal] receives names by number, the number of names where none is near, or <see cref="NotNamed"/></param>
    /// <param name="distances">[nLocal] receives how far the nearest reference is, 0 where an atom is not named; null: not wanted</param>
    public void Identify(ParticleView particles, int* species, ReadOnlySpan<int> densityOf, int* labels, double* distances)
    {
        _labels = labels;
        _distances = distances;
        int count = 0, local = 0;
        _positions.Resize(3L * particles.Count);
        _species.Resize(particles.Count);
        _rows.Resize(particles.Count);
        for (int i = 0; i < particles.Count; i++)
        {
            if (i == particles.LocalCount)
                local = count;
            int kind = species == null ? 0 : species[i];
            int density = (uint)kind < (uint)densityOf.Length ? densityOf[kind] : NotNamed;
            if (i < particles.LocalCount)
            {
                labels[i] = NotNamed;
                if (distances != null)
                    distances[i] = 0;
            }

            if (density < 0)
                continue;
            for (int axis = 0; axis < 3; axis++)
                _positions[3 * count + axis] = particles.Positions[3L * i + axis];
            (_species[count], _rows[count]) = (density, i);
            count++;
        }

        if (particles.GhostCount == 0)
            local = count;
        if (local == 0)
            return;
        _builder.Build(new(_positions.Pointer, local, count - local), Reach, _neighbors, true);
        _pool.Run(local, Grain, _identify);
    }

    public void Dispose()
    {
        _builder.Dispose();
        _neighbors.Dispose();
        foreach (SoapSpectrum spectrum in _spectra)
            spectrum.Dispose();
        foreach (NativeBuffer<double> scratch in _scratch)
            scratch.Dispose();
        _radial.Dispose();
        _projection.Dispose();
        _positions.Dispose();
        _species.Dispose();
        _rows.Dispose();
    }

    private void IdentifySome(int begin, int end, int worker)
    {
        SoapSpectrum soap = _spectra[worker];
        double* spectrum = _scratch[worker].Pointer, at = spectrum + _padded;
        for (int i = begin; i < end; i++)
        {
            if (_species[i] != 0)
                continue;
            soap.Begin();
            soap.Add(0, 0, 0, 0);
            double* from = _positions.Pointer + 3L * i;
            NeighborRow row = _neighbors[i];
            for (int k = 0; k < row.Count; k++)
            {
                double* to = _positions.Pointer + 3L * row[k];
                soap.Add(_species[row[k]], to[0] - from[0], to[1] - from[1], to[2] - from[2]);
            }

            soap.Finish(spectrum);
            Project(spectrum, at);
            int label = Nearest(at, out double distance);
            _labels[_rows[i]] = label;
            if (_distances != null)
                _distances[_rows[i]] = distance;
        }
    }

    private void Project(double* spectrum, double* at)
    {
        Vector256<double> square = default;
        for (int j = 0; j < _padded; j += Lanes)
            square = Vector256.MultiplyAddEstimate(Vector256.Load(spectrum + j), Vector256.Load(spectrum + j), square);
        double inverse = 1 / Math.Sqrt(Vector256.Sum(square));
        for (int k = 0; k < _set.Components; k++)
        {
            double* row = _projection.Pointer + (long)k * _padded;
            Vector256<double> sum = default;
            for (int j = 0; j < _padded; j += Lanes)
                sum = Vector256.MultiplyAddEstimate(Vector256.Load(spectrum + j), Vector256.Load(row + j), sum);
            at[k] = Vector256.Sum(sum) * inverse;
        }
    }

    private int Nearest(double* at, out double distance)
    {
        (int best, double least, int components) = (-1, double.PositiveInfinity, _set.Components);
        fixed (double* references = _set.References)
        {
            for (int r = 0; r < _set.NameOf.Length; r++)
            {
                double* reference = references + (long)r * components;
                double square = 0;
                for (int k = 0; k < components && square < least; k++)
                    square += (at[k] - reference[k]) * (at[k] - reference[k]);
                if (square < least)
                    (best, least) = (r, square);
            }
        }

        distance = Math.Sqrt(least);
        return best >= 0 && distance <= _set.Threshold ? _set.NameOf[best] : _set.Names.Count;
    }
}
