using System.Runtime.CompilerServices;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Diamond;

/// <summary>
/// Names atoms of cubic and hexagonal diamond, and those around them. An atom's second neighbors are the four nearest of its four
/// nearest, itself excepted. Where there are twelve, common neighbor analysis of these twelve, with the bond length
/// (1 + √2)/2 * mean distance, tells the sublattice: fcc is cubic, hcp hexagonal diamond. Then those among the four nearest of a
/// diamond atom that have no structure are its first neighbors, and those among the four nearest of a first neighbor second neighbors.
/// Maras, Trushin, Stukowski, Ala-Nissila and Jónsson, Comput. Phys. Commun. 205, 13 (2016), doi:10.1016/j.cpc.2016.04.001.
/// An atom whose fifth neighbor is exactly as far as the fourth has no four nearest. An atom that is a neighbor of both diamonds is
/// one of the cubic: OVITO takes whichever atom comes first.
/// </summary>
public sealed unsafe class DiamondAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("diamond", "diamond",
        "cubic and hexagonal diamond, with first and second neighbors (Maras et al. 2016)", (_, services) => new DiamondAnalysis(services));

    private const int Grain = 1 << 10;

    // Lists are a little longer than the distance that decides.
    private const double Margin = 1 + 1e-9;

    private readonly WorkerPool _pool;
    private readonly NearestNeighborFinder<TetrahedronVisitor> _finder;
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();
    private readonly LabelCounts _counts = new("diamond",
        "other", "cubic", "cubic_first", "cubic_second", "hexagonal", "hexagonal_first", "hexagonal_second");

    private readonly NativeBuffer<Tetrahedron> _tetrahedra = new();
    private readonly NativeBuffer<int> _indices = new();
    private readonly NativeBuffer<float> _labels = new();
    private readonly NativeBuffer<float> _former = new();
    private readonly Action _find;
    private readonly Action _identify;
    private readonly Action _mark;
    private readonly WorkerPool.Body _identifySome;
    private readonly WorkerPool.Body _markSome;

    private AnalysisContext _context = null!;
    private int _step;

    private DiamondAnalysis(AnalysisServices services)
    {
        _pool = services.Pool;
        (_finder, _builder) = (new(services.Pool, services.Grid), new(services.Pool, services.Grid));
        (_find, _identify, _mark, _identifySome, _markSome) = (Find, Identify, Mark, IdentifySome, MarkSome);
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } = [new("diamond", ColumnKind.Integer)];

    public IReadOnlyList<AnalysisGlobal> Globals => _counts.Globals;

    public double Cutoff => 0;

    public int ExchangeWidth => Tetrahedron.Width;

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_find);
        context.Halo.Forward((double*)_tetrahedra.Pointer, Tetrahedron.Width);
        context.Attempt(_identify);
        for (_step = 0; _step < 2; _step++)
        {
            context.Halo.Forward(_labels.Pointer, 1);
            context.Attempt(_mark);
        }

        long* column = context.Output.Integers(0);
        for (int i = 0; i < context.Particles.LocalCount; i++)
            column[i] = (long)_labels[i];
        _counts.Count(context, column, context.Output.Globals);
    }

    public void Dispose()
    {
        _finder.Dispose();
        _builder.Dispose();
        _list.Dispose();
        _tetrahedra.Dispose();
        _indices.Dispose();
        _labels.Dispose();
        _former.Dispose();
    }

    private void Find()
    {
        ParticleView particles = _context.Particles;
        _tetrahedra.Resize(particles.Count);
        _indices.Resize(4L * particles.LocalCount);
        _labels.Resize(particles.Count);
        _former.Resize(particles.Count);
        _finder.Run(particles, Tetrahedron.Corners + 1, Tetrahedron.Corners, _context.NearestRange,
            new(_tetrahedra.Pointer, _indices.Pointer));
    }

    private void Identify() => _pool.Run(_context.Particles.LocalCount, Grain, _identifySome);

    private void IdentifySome(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            _labels[i] = (int)TryIdentify(i);
    }

    [SkipLocalsInit]
    private DiamondType TryIdentify(int atom)
    {
        const int Count = CommonNeighborSignature.ClosePacked;
        double* x = stackalloc double[4 * BondMatrix.Capacity], y = x + BondMatrix.Capacity, z = y + BondMatrix.Capacity;
        double* distances = z + BondMatrix.Capacity;
        float* narrow = stackalloc float[3 * BondMatrix.Capacity];
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        ref Tetrahedron own = ref _tetrahedra[atom];
        if (!own.IsWhole)
            return DiamondType.Other;
        int count = 0;
        double farthest = 0;
        for (int a = 0; a < Tetrahedron.Corners; a++)
        {
            Vec3 first = own[a];
            ref Tetrahedron other = ref _tetrahedra[_indices[4L * atom + a]];
            if (!other.IsWhole)
                return DiamondType.Other;
            for (int b = 0; b < Tetrahedron.Corners; b++)
            {
                Vec3 second = first + other[b];
                double square = Vec3.Dot(second, second);
                // Back at the atom itself, but for rounding.
                if (square < 1e-16 * own.ReachSquared)
                    continue;
                if (count == Count)
                    return DiamondType.Other;
                (x[count], y[count], z[count], distances[count]) = (second.X, second.Y, second.Z, Math.Sqrt(square));
                farthest = Math.Max(farthest, square);
                count++;
            }
        }

        if (count < Count)
            return DiamondType.Other;
        for (int k = Count; k < BondMatrix.Capacity; k++)
            x[k] = y[k] = z[k] = 0;
        BondMatrix.Narrow(x, y, z, narrow);
        double cutoff = AdaptiveCutoff.ClosePacked(distances);
        if (!BondMatrix.Fill(narrow, x, y, z, Count, farthest, cutoff * cutoff, CommonNeighborSignature.BondsOfTwelve, bonds))
            return DiamondType.Other;
        return CommonNeighborSignature.OfTwelve(bonds) switch
        {
            StructureType.Fcc => DiamondType.Cubic,
            StructureType.Hcp => DiamondType.Hexagonal,
            _ => DiamondType.Other,
        };
    }

    /// <summary>
    /// Gives atoms without a structure that of the atoms whose four nearest they belong to. Atom b belongs to those of atom a where it
    /// is no farther than a's fourth: that is known of ghosts too, whose neighbors are not.
    /// </summary>
    private void Mark()
    {
        ParticleView particles = _context.Particles;
        double reach = 0;
        for (int i = 0; i < particles.Count; i++)
            if (Marks(_labels[i]))
                reach = Math.Max(reach, _tetrahedra[i].ReachSquared);
        if (reach == 0)
            return;
        _builder.Build(particles, Math.Sqrt(reach) * Margin, _list);
        _labels.Span.CopyTo(_former.Span);
        _pool.Run(particles.LocalCount, Grain, _markSome);
    }

    private void MarkSome(int begin, int end, int worker)
    {
        double* positions = _context.Particles.Positions;
        for (int i = begin; i < end; i++)
        {
            if (_former[i] != 0)
                continue;
            float mark = 0;
            NeighborRow row = _list[i];
            for (int k = 0; k < row.Count; k++)
            {
                int j = row[k];
                if (!Marks(_former[j]) || (mark != 0 && mark <= _former[j] + 1))
                    continue;
                double dx = positions[3L * j] - positions[3L * i], dy = positions[3L * j + 1] - positions[3L * i + 1];
                double dz = positions[3L * j + 2] - positions[3L * i + 2];
                if (dx * dx + dy * dy + dz * dz <= _tetrahedra[j].ReachSquared * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance))
                    mark = _former[j] + 1;
            }

            _labels[i] = mark;
        }
    }

    /// <summary>Whether an atom with this label gives its neighbors one in this step; theirs is one more.</summary>
    private bool Marks(float label) => label == (int)DiamondType.Cubic + _step || label == (int)DiamondType.Hexagonal + _step;
}
