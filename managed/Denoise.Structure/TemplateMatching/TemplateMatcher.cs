using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Neighbors;

namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// One thread's polyhedral template matching: chooses an atom's neighbors, triangulates the surface that they span, looks up which
/// templates have such a surface, and keeps the one that fits best.
/// </summary>
/// <param name="set">what is looked for, shared</param>
internal sealed unsafe class TemplateMatcher(TemplateSet set) : IDisposable
{
    /// <summary>Neighbors wanted where there are two shells: those of the neighbors are among them.</summary>
    public const int WantedOfTwoShells = 44;

    private const double HullTolerance = 1e-8;
    private const int BodyCentered = 2;

    private readonly TopologicalOrder _order = new();
    private readonly TriangulatedHull _hull = new();
    private readonly Neighborhood _near = new();
    private readonly TwoShells _twoShells = new();
    private readonly int[] _matched = new int[Neighborhood.Most];

    private TemplateFit _fit;
    private double _squareSum;

    /// <summary>The template that fits best, whatever its deviation; null: the surface is that of none.</summary>
    public StructureTemplate? Template { get; private set; }

    /// <summary>Its root mean square deviation, in units of the mean distance of its neighbors.</summary>
    public double Deviation { get; private set; }

    /// <summary>From the atoms' lengths to the template's.</summary>
    public double Scale => _fit.Overlap / _squareSum;

    public long MemoryBytes => _order.MemoryBytes + _hull.MemoryBytes + _near.MemoryBytes + _twoShells.MemoryBytes;

    /// <summary>Matches an atom.</summary>
    /// <param name="nearest">in a search for at least 19, or <see cref="WantedOfTwoShells"/> and one</param>
    /// <returns>false where more neighbors could tell otherwise</returns>
    public bool Match(in NearestNeighbors nearest)
    {
        Template = null;
        Deviation = double.PositiveInfinity;
        int most = set.HasTwoShells ? WantedOfTwoShells : TopologicalOrder.Most;
        if (nearest.Count < most && !nearest.IsFinal)
            return false;
        int all = UntilTie(nearest, Math.Min(nearest.Count, most), out bool isDecided);
        if (!isDecided)
            return false;
        int count = all <= TopologicalOrder.Most ? all : UntilTie(nearest, TopologicalOrder.Most, out _);
        if (!_order.Sort(nearest.X, nearest.Y, nearest.Z, nearest.Squares, count))
            return true;
        if (set.HasOneShell)
            MatchOneShell(nearest);
        if (set.HasDiamond && _twoShells.Choose(nearest, all, _order, 4, 3))
            MatchDiamond();
        if (set.HasGraphene && _twoShells.Choose(nearest, all, _order, 3, 2))
            MatchGraphene();
        return true;
    }

    /// <summary>Position times template, summed over the neighbors of the best.</summary>
    public ref readonly TemplateFit Fit => ref _fit;

    /// <summary>For every neighbor of the best template, where it stands in the list of neighbors.</summary>
    public ReadOnlySpan<int> Matched => _matched.AsSpan(0, Template?.Neighbors.Count ?? 0);

    public void Dispose()
    {
        _order.Dispose();
        _hull.Dispose();
        _near.Dispose();
        _twoShells.Dispose();
    }

    /// <summary>As many of the nearest as are all nearer than the next: which of equally far ones come first, nothing tells.</summary>
    private static int UntilTie(in NearestNeighbors nearest, int count, out bool isDecided)
    {
        isDecided = true;
        if (count == 0)
            return 0;
        double next = nearest.Count > count ? nearest.Squares[count] : nearest.Beyond;
        if (nearest.Count == count && !nearest.IsFinal && !IsApart(nearest.Squares[count - 1], next))
            isDecided = false;
        while (count > 0 && !IsApart(nearest.Squares[count - 1], next))
            next = nearest.Squares[--count];
        return count;
    }

    private static bool IsApart(double square, double next) => next > square * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance);

    private void MatchOneShell(in NearestNeighbors nearest)
    {
        int* order = _order.Order;
        if (set.HasSix && _order.Ends(6))
        {
            Take(nearest, order, 0, 6);
            if (Grow(0, 6))
                MatchHull(6);
        }

        bool isGrown = false;
        if (set.HasTwelve && _order.Ends(12))
        {
            Take(nearest, order, 0, 12);
            isGrown = Grow(0, 12);
            if (isGrown)
                MatchHull(12);
        }

        if (set.HasFourteen && _order.Ends(14))
        {
            int known = isGrown ? 12 : 0;
            Take(nearest, order, known, 14);
            if (LeastDeviationOfFourteen() < Deviation && Grow(known, 14))
                MatchHull(14);
        }
    }

    /// <summary>Sets neighbors from <paramref name="first"/> on, in the order of their faces.</summary>
    private void Take(in NearestNeighbors nearest, int* order, int first, int count)
    {
        for (int k = first; k < count; k++)
        {
            int neighbor = order[k];
            _near.Listed[k] = neighbor;
            _hull.X[k] = _near.X[k] = nearest.X[neighbor];
            _hull.Y[k] = _near.Y[k] = nearest.Y[neighbor];
            _hull.Z[k] = _near.Z[k] = nearest.Z[neighbor];
        }

        _near.Complete(count);
    }

    /// <summary>Makes the hull of the first so many, or widens it to them.</summary>
    private bool Grow(int known, int count)
    {
        uint inside = (1u << known) - 1;
        if (known == 0)
        {
            inside = _hull.Begin(count, HullTolerance * Math.Sqrt(_near.SquareSum / count));
            if (inside == 0)
                return false;
        }

        for (int k = known; k < count; k++)
            if ((inside >> k & 1) == 0 && !_hull.Insert(k))
                return false;
        return true;
    }

    private void MatchHull(int count)
    {
        if (_hull.FacetCount != 2 * count - 4 || !_hull.HoldsOrigin())
            return;
        byte* corners = stackalloc byte[TriangulatedHull.MostPoints];
        ulong code = MeshCode.Walk(_hull, 0, _hull.NeighborOf(0), corners, count);
        TryAll(_near, code, 0, corners);
    }

    private void MatchDiamond()
    {
        const int Inner = 4, Count = 16;
        Neighborhood chosen = _twoShells.Chosen;
        for (int k = 0; k < Count; k++)
            (_hull.X[k], _hull.Y[k], _hull.Z[k]) = (chosen.X[k], chosen.Y[k], chosen.Z[k]);
        uint inside = _hull.Begin(Count, HullTolerance * Math.Sqrt(chosen.SquareSum / Count));
        if (inside == 0)
            return;
        for (int k = 0; k < Count; k++)
            if ((inside >> k & 1) == 0 && !_hull.Insert(k))
                return;
        if (!_hull.HoldsOrigin() || !CapFaces(Inner))
            return;
        byte* corners = stackalloc byte[TriangulatedHull.MostPoints];
        ulong code = MeshCode.Walk(_hull, 0, _hull.NeighborOf(0), corners, Count);
        if (code == MeshCode.None)
            return;
        uint inner = 0;
        for (int k = 0; k < Count; k++)
            inner |= corners[k] < Inner ? 1u << k : 0;
        TryAll(chosen, code, inner, corners);
    }

    /// <summary>
    /// Puts every inner neighbor over the facet between its three outer ones; one that sticks out is a corner of the hull already.
    /// </summary>
    private bool CapFaces(int innerCount)
    {
        const int Outer = 3;
        uint inner = (1u << innerCount) - 1, outside = 0, capped = 0;
        ulong faces = 0;
        for (ulong left = _hull.Facets; left != 0; left &= left - 1)
        {
            int facet = BitOperations.TrailingZeroCount(left);
            (int a, int b, int c) = _hull.Corners(facet);
            uint touched = (1u << a | 1u << b | 1u << c) & inner;
            if (BitOperations.PopCount(touched) > 1)
                return false;
            outside |= touched;
            int owner = (a - innerCount) / Outer;
            if (touched != 0 || (b - innerCount) / Outer != owner || (c - innerCount) / Outer != owner)
                continue;
            if ((capped >> owner & 1) != 0)
                return false;
            capped |= 1u << owner;
            faces |= 1ul << facet;
        }

        if ((outside & capped) != 0 || (outside | capped) != inner || _hull.FacetCount != 20 + 2 * BitOperations.PopCount(outside))
            return false;
        for (; faces != 0; faces &= faces - 1)
        {
            int facet = BitOperations.TrailingZeroCount(faces);
            _hull.Cap(facet, (_hull.Corners(facet).A - innerCount) / Outer);
        }

        return true;
    }

    private void MatchGraphene()
    {
        // Inner neighbors in any order are a rotation of the template; the two outer ones of each can be swapped.
        byte* corners = stackalloc byte[Neighborhood.Most], correspondence = stackalloc byte[CorrespondenceTable.Stride];
        correspondence[CorrespondenceTable.Stride - 1] = StructureTemplate.Graphene - 1;
        for (int k = 0; k < 9; k++)
            corners[k] = correspondence[k] = (byte)k;
        for (int swaps = 0; swaps < 8; swaps++)
        {
            for (int pair = 0; pair < 3; pair++)
            {
                int swap = swaps >> pair & 1;
                (correspondence[3 + 2 * pair], correspondence[4 + 2 * pair]) = ((byte)(3 + 2 * pair + swap), (byte)(4 + 2 * pair - swap));
            }

            Try(_twoShells.Chosen, correspondence, corners);
        }
    }

    private void TryAll(Neighborhood chosen, ulong code, uint inner, byte* corners)
    {
        byte* correspondence = set.Correspondences.Find(code, inner, out int count);
        for (; count > 0; count--, correspondence += CorrespondenceTable.Stride)
            Try(chosen, correspondence, corners);
    }

    private void Try(Neighborhood chosen, byte* correspondence, byte* corners)
    {
        int index = correspondence[CorrespondenceTable.Stride - 1], count = chosen.Count;
        StructureTemplate template = set.Templates[index];
        double* rows = set.Rows(index), xs = chosen.X, ys = chosen.Y, zs = chosen.Z;
        Vector256<double> x = Vector256<double>.Zero, y = x, z = x;
        for (int k = 0; k < count; k++)
        {
            int corner = corners[k];
            Vector256<double> row = Vector256.Load(rows + 4 * correspondence[k]);
            x = Vector256.MultiplyAddEstimate(row, Vector256.Create(xs[corner]), x);
            y = Vector256.MultiplyAddEstimate(row, Vector256.Create(ys[corner]), y);
            z = Vector256.MultiplyAddEstimate(row, Vector256.Create(zs[corner]), z);
        }

        TemplateFit fit = new()
        {
            Xx = x[0],
            Xy = x[1],
            Xz = x[2],
            Yx = y[0],
            Yy = y[1],
            Yz = y[2],
            Zx = z[0],
            Zy = z[1],
            Zz = z[2],
        };
        int points = count + 1;
        // Only an overlap above this deviates less than what was found before.
        double least = (template.SquareSum - points * Deviation * Deviation) * chosen.SquareSum;
        if (!fit.Solve(least > 0 ? Math.Sqrt(least) : 0))
            return;
        double deviation = Math.Sqrt(Math.Abs(template.SquareSum - fit.Overlap * fit.Overlap / chosen.SquareSum) / points);
        if (!(deviation < Deviation))
            return;
        (Deviation, Template, _fit, _squareSum) = (deviation, template, fit, chosen.SquareSum);
        for (int k = 0; k < count; k++)
            _matched[correspondence[k]] = chosen.Listed[corners[k]];
    }

    /// <summary>
    /// A deviation that bcc exceeds whatever the directions: sum p · R t is at most the sum of products of sorted lengths. Fcc and hcp
    /// that are not too hot are done with it.
    /// </summary>
    [SkipLocalsInit]
    private double LeastDeviationOfFourteen()
    {
        const int Count = 14, Short = 8;
        if (double.IsPositiveInfinity(Deviation))
            return 0;
        double* lengths = stackalloc double[Count];
        double sum = 0;
        for (int k = 0; k < Count; k++)
        {
            double x = _near.X[k] - _near.MeanX, y = _near.Y[k] - _near.MeanY, z = _near.Z[k] - _near.MeanZ;
            double length = Math.Sqrt(x * x + y * y + z * z);
            int at = k;
            for (; at > 0 && lengths[at - 1] > length; at--)
                lengths[at] = lengths[at - 1];
            lengths[at] = length;
        }

        double* rows = set.Rows(BodyCentered);
        double inner = 0, outer = 0;
        for (int k = 0; k < Count; k++)
        {
            if (k < Short)
                inner += lengths[k];
            else
                outer += lengths[k];
        }

        StructureTemplate template = set.Templates[BodyCentered];
        // The atom itself may be farther from the mean than a neighbor, but its template's length is nought.
        sum = inner * template.NeighborDistance + outer * template.Neighbors[Count - 1].Length;
        double square = (template.SquareSum - sum * sum / _near.SquareSum) / (Count + 1);
        return square > 0 ? Math.Sqrt(square) * (1 - 1e-9) : 0;
    }

}
