using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Analyses;

namespace Denoise.Structure;

/// <summary>
/// Common neighbor analysis with one cutoff for all atoms: neighbors and bonds are pairs closer than the cutoff. An atom with 12
/// neighbors can be fcc, hcp or icosahedral, one with 14 bcc; signatures at <see cref="CommonNeighborSignature"/>.
/// Faken and Jonsson, doi:10.1016/0927-0256(94)90109-0.
/// </summary>
public sealed unsafe class CommonNeighborAnalysis : IStructureIdentifier
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new(
        "cna", "cna:cutoff=RC", "common neighbor analysis with one cutoff (Honeycutt & Andersen 1987)", Create);

    private const int Grain = 1 << 10;

    private readonly WorkerPool _pool;
    private readonly double _cutoff;
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();
    private readonly WorkerPool.Body _classify;

    private ParticleView _particles;
    private int* _types;

    /// <param name="pool">threads to use</param>
    /// <param name="cutoff">Å; between the first and second shell for fcc and hcp, between the second and third for bcc</param>
    /// <param name="grid">to sort atoms with, borrowed; null: one of its own</param>
    public CommonNeighborAnalysis(WorkerPool pool, double cutoff, CellGrid? grid = null)
    {
        if (!(cutoff > 0) || !double.IsFinite(cutoff))
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "the cutoff must be positive and finite");
        (_pool, _cutoff, _builder, _classify) = (pool, cutoff, new NeighborListBuilder(pool, grid), Classify);
    }

    public long MemoryBytes => _builder.MemoryBytes + _list.MemoryBytes;

    /// <inheritdoc/>
    /// <exception cref="InputException">the neighbors within the cutoff are not all present</exception>
    public void Identify(ParticleView particles, double range, int* types)
    {
        if (range < _cutoff)
        {
            throw new InputException(
                $"Common neighbor analysis with cutoff {_cutoff:g6} Å needs ghost atoms as far, but they reach only {range:g6} Å.");
        }

        _particles = particles;
        _types = types;
        _builder.Build(particles, _cutoff, _list);
        _pool.Run(particles.LocalCount, Grain, _classify);
    }

    public void Dispose()
    {
        _builder.Dispose();
        _list.Dispose();
    }

    private static IdentifierAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        double cutoff = arguments.Length("cutoff");
        return new("cna", new CommonNeighborAnalysis(services.Pool, cutoff, services.Grid), cutoff, "other", "fcc", "hcp", "bcc", "ico");
    }

    private void Classify(int begin, int end, int worker)
    {
        double* x = stackalloc double[3 * BondMatrix.Capacity], y = x + BondMatrix.Capacity, z = y + BondMatrix.Capacity;
        float* narrow = stackalloc float[3 * BondMatrix.Capacity];
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        double square = _cutoff * _cutoff;
        for (int i = begin; i < end; i++)
        {
            NeighborRow row = _list[i];
            int count = row.Count;
            StructureType type = StructureType.Other;
            if (count is CommonNeighborSignature.ClosePacked or CommonNeighborSignature.BodyCentered)
            {
                double* center = _particles.Positions + 3L * i;
                for (int k = 0; k < count; k++)
                {
                    double* other = _particles.Positions + 3L * row[k];
                    (x[k], y[k], z[k]) = (other[0] - center[0], other[1] - center[1], other[2] - center[2]);
                }

                BondMatrix.Narrow(x, y, z, narrow);
                if (count == CommonNeighborSignature.ClosePacked)
                {
                    if (BondMatrix.Fill(narrow, x, y, z, count, square, square, CommonNeighborSignature.BondsOfTwelve, bonds))
                        type = CommonNeighborSignature.OfTwelve(bonds);
                }
                else if (BondMatrix.Fill(narrow, x, y, z, count, square, square, CommonNeighborSignature.BondsOfFourteen, bonds))
                {
                    type = CommonNeighborSignature.OfFourteen(bonds);
                }
            }

            _types[i] = (int)type;
        }
    }
}
