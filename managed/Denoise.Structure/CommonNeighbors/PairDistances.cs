using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Neighbors;

namespace Denoise.Structure;

/// <summary>
/// Squared distances among the nearest neighbors of an atom, and in which interval of bond lengths they have the numbers of bonds that
/// a structure wants.
/// </summary>
/// <param name="memory">[<see cref="Length"/>]</param>
internal unsafe ref struct PairDistances(double* memory)
{
    /// <summary>Reals that it works in: a row of distances per neighbor, and the 4th to 7th smallest of each.</summary>
    public const int Length = (BondMatrix.Capacity + 4) * Columns;

    private const int Columns = BondMatrix.Capacity;

    private readonly double* _squares = memory;
    private readonly double* _ranks = memory + BondMatrix.Capacity * Columns;
    private int _count;

    /// <summary>Computes the distances among the nearest.</summary>
    public void Fill(in NearestNeighbors nearest, int count)
    {
        _count = count;
        Vector256<double> infinite = Vector256.Create(double.PositiveInfinity);
        for (int group = 0; group < (count + 3) / 4; group++)
        {
            int lane = 4 * group;
            Vector256<double> x = Vector256.Load(nearest.X + lane), y = Vector256.Load(nearest.Y + lane);
            Vector256<double> z = Vector256.Load(nearest.Z + lane);
            Vector256<long> numbers = Vector256.Create(lane, lane + 1L, lane + 2, lane + 3);
            Vector256<double> s1 = infinite, s2 = infinite, s3 = infinite, s4 = infinite, s5 = infinite, s6 = infinite, s7 = infinite;
            for (int b = 0; b < count; b++)
            {
                Vector256<double> dx = x - Vector256.Create(nearest.X[b]), dy = y - Vector256.Create(nearest.Y[b]);
                Vector256<double> dz = z - Vector256.Create(nearest.Z[b]), d = dx * dx + dy * dy + dz * dz;
                // No neighbor is bonded to itself.
                d = Vector256.ConditionalSelect(Vector256.Equals(numbers, Vector256.Create((long)b)).AsDouble(), infinite, d);
                d.Store(_squares + b * Columns + lane);
                // Into its place among the smallest of each lane; the larger of two moves on.
                (s1, d) = (Vector256.MinNative(s1, d), Vector256.MaxNative(s1, d));
                (s2, d) = (Vector256.MinNative(s2, d), Vector256.MaxNative(s2, d));
                (s3, d) = (Vector256.MinNative(s3, d), Vector256.MaxNative(s3, d));
                (s4, d) = (Vector256.MinNative(s4, d), Vector256.MaxNative(s4, d));
                (s5, d) = (Vector256.MinNative(s5, d), Vector256.MaxNative(s5, d));
                (s6, d) = (Vector256.MinNative(s6, d), Vector256.MaxNative(s6, d));
                s7 = Vector256.MinNative(s7, d);
            }

            s4.Store(_ranks + lane);
            s5.Store(_ranks + Columns + lane);
            s6.Store(_ranks + 2 * Columns + lane);
            s7.Store(_ranks + 3 * Columns + lane);
        }
    }

    /// <summary>Squares of the bond lengths, from and below which every neighbor has so many bonds.</summary>
    public readonly (double From, double To) IntervalOf(int bonds)
    {
        double from = 0, to = double.PositiveInfinity;
        for (int a = 0; a < _count; a++)
            (from, to) = (Math.Max(from, Rank(bonds, a)), Math.Min(to, Rank(bonds + 1, a)));
        return (from, to);
    }

    /// <summary>
    /// The same where 8 neighbors have 6 bonds and 6 have 4: all have 4, none has 7, and as many have 5 as have 6, eight.
    /// </summary>
    public readonly (double From, double To) IntervalOfBodyCentered()
    {
        const int Hexagons = 8;
        double from = 0, to = double.PositiveInfinity;
        Span<double> fifth = stackalloc double[Columns], sixth = stackalloc double[Columns];
        for (int a = 0; a < _count; a++)
        {
            (from, to) = (Math.Max(from, Rank(4, a)), Math.Min(to, Rank(7, a)));
            Insert(fifth, a, Rank(5, a));
            Insert(sixth, a, Rank(6, a));
        }

        return (Math.Max(from, sixth[Hexagons - 1]), Math.Min(to, fifth[Hexagons]));
    }

    /// <summary>The structure by the signatures where neighbors up to a distance are bonded.</summary>
    /// <param name="longest">square of the longest bond</param>
    /// <param name="rows">[16] memory</param>
    public readonly StructureType Name(double longest, ushort* rows)
    {
        Vector256<ushort>.Zero.Store(rows);
        Vector256<double> limit = Vector256.Create(longest);
        uint valid = (1u << _count) - 1;
        for (int b = 0; b < _count; b++)
        {
            uint row = 0;
            for (int lane = 0; lane < _count; lane += 4)
                row |= Vector256.LessThanOrEqual(Vector256.Load(_squares + b * Columns + lane), limit).ExtractMostSignificantBits() << lane;
            rows[b] = (ushort)(row & valid);
        }

        return _count == CommonNeighborSignature.ClosePacked
            ? CommonNeighborSignature.OfTwelve(rows)
            : CommonNeighborSignature.OfFourteen(rows);
    }

    /// <summary>The k-th smallest distance, squared, of a neighbor from the others.</summary>
    private readonly double Rank(int k, int neighbor) => _ranks[(k - 4) * Columns + neighbor];

    private static void Insert(Span<double> ascending, int count, double value)
    {
        int k = count;
        for (; k > 0 && ascending[k - 1] > value; k--)
            ascending[k] = ascending[k - 1];
        ascending[k] = value;
    }
}
