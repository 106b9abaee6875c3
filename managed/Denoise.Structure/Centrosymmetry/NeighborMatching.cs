using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Structure.Centrosymmetry;

/// <summary>
/// Exact minimum-weight matching of the neighbors of one atom, the weight of a pair being |r_i + r_j|^2. Every neighbor gets a share
/// u_k such that u_i + u_j never exceeds the weight of pair (i, j): the sum of all shares is a bound from below, and the excess
/// w - u_i - u_j is what a pair costs above it. A branch is cut where its excess, and half of the least that each neighbor left must add,
/// reach the best matching known; of those left, the one that must add most is paired next. Where neighbors are nearly opposite, the first
/// branch has no excess and is the only one.
/// </summary>
internal static unsafe class NeighborMatching
{
    /// <summary>The smallest sum over disjoint pairs.</summary>
    /// <param name="x">[count] r_k, Å</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">neighbors, at most <see cref="NeighborPairs.Capacity"/></param>
    /// <param name="firstOptional">neighbors from this one on may be left over, as many as are too many</param>
    /// <param name="pairs">how many pairs</param>
    [SkipLocalsInit]
    public static double SmallestSum(double* x, double* y, double* z, int count, int firstOptional, int pairs)
    {
        if (pairs == 0)
            return 0;
        const int Most = NeighborPairs.Capacity;
        double* weights = stackalloc double[Most * Most];
        double* excess = stackalloc double[Most * Most];
        double* shares = stackalloc double[Most];
        sbyte* partners = stackalloc sbyte[Most], best = stackalloc sbyte[Most];
        int spare = count - 2 * pairs;
        for (int i = 0; i < count; i++)
        {
            weights[i * Most + i] = double.PositiveInfinity;
            for (int j = i + 1; j < count; j++)
            {
                double dx = x[i] + x[j], dy = y[i] + y[j], dz = z[i] + z[j];
                weights[i * Most + j] = weights[j * Most + i] = dx * dx + dy * dy + dz * dz;
            }
        }

        Share(weights, shares, count, spare > 0 ? firstOptional : count);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                excess[i * Most + j] = Math.Max(weights[i * Most + j] - shares[i] - shares[j], 0);
            for (int j = count; j % 4 != 0; j++)
                excess[i * Most + j] = double.PositiveInfinity;
        }

        new Span<sbyte>(best, count).Fill(-1);
        Search search = new(excess, partners, best, firstOptional);
        search.Descend(count == Most ? uint.MaxValue : (1u << count) - 1, spare, 0);
        return Sum(weights, best, count, pairs);
    }

    /// <summary>
    /// Shares: half of the weight of the best pair of each, then what is left over, one after the other. A neighbor that need not be in
    /// any pair has none.
    /// </summary>
    private static void Share(double* weights, double* shares, int count, int firstOptional)
    {
        const int Most = NeighborPairs.Capacity;
        for (int i = 0; i < count; i++)
            shares[i] = i < firstOptional ? 0.5 * Least(weights + i * Most, null, count) : 0;
        for (int i = 0; i < Math.Min(count, firstOptional); i++)
            shares[i] += Math.Max(Least(weights + i * Most, shares, count) - shares[i], 0);
    }

    /// <summary>The least weight of a row, less the shares of the others.</summary>
    private static double Least(double* row, double* shares, int count)
    {
        double least = double.PositiveInfinity;
        for (int j = 0; j < count; j++)
            least = Math.Min(least, shares == null ? row[j] : row[j] - shares[j]);
        return least;
    }

    /// <summary>Adds the weights of a matching from the smallest on, so that the order of the neighbors makes no difference.</summary>
    private static double Sum(double* weights, sbyte* partners, int count, int pairs)
    {
        double* ascending = stackalloc double[CentrosymmetryAnalysis.MostNeighbors];
        new Span<double>(ascending, pairs).Fill(double.PositiveInfinity);
        for (int i = 0; i < count; i++)
            if (partners[i] > i)
                NeighborPairs.Insert(ascending, pairs, weights[i * NeighborPairs.Capacity + partners[i]]);
        return NeighborPairs.Sum(ascending, pairs);
    }

    private ref struct Search(double* excess, sbyte* partners, sbyte* best, int firstOptional)
    {
        private double _least = double.PositiveInfinity;

        /// <summary>Pairs what is left, cheapest partner first.</summary>
        /// <param name="left">bit k: neighbor k has no partner yet</param>
        /// <param name="spare">neighbors that must be left over</param>
        /// <param name="cost">excess so far</param>
        public void Descend(uint left, int spare, double cost)
        {
            if (BitOperations.PopCount(left) == spare)
            {
                bool isAllowed = left == 0 || BitOperations.TrailingZeroCount(left) >= firstOptional;
                if (!isAllowed || !(cost < _least))
                    return;
                _least = cost;
                for (uint open = left; open != 0; open &= open - 1)
                    partners[BitOperations.TrailingZeroCount(open)] = -1;
                new ReadOnlySpan<sbyte>(partners, NeighborPairs.Capacity).CopyTo(new Span<sbyte>(best, NeighborPairs.Capacity));
                return;
            }

            int i = BitOperations.TrailingZeroCount(left);
            if (_least < double.PositiveInfinity && !(cost + 0.5 * LeastOf(left, spare, ref i) < _least))
                return;
            double* row = excess + i * NeighborPairs.Capacity;
            left &= ~(1u << i);
            for (uint open = left; open != 0;)
            {
                int nearest = Cheapest(row, open);
                if (!(cost + row[nearest] < _least))
                    break;
                open &= ~(1u << nearest);
                (partners[i], partners[nearest]) = ((sbyte)nearest, (sbyte)i);
                Descend(left & ~(1u << nearest), spare, cost + row[nearest]);
            }

            if (spare > 0 && i >= firstOptional && cost < _least)
            {
                partners[i] = -1;
                Descend(left, spare - 1, cost);
            }
        }

        /// <summary>The sum, over all that must have a partner, of the least excess of each, and which has the largest.</summary>
        [SkipLocalsInit]
        private readonly double LeastOf(uint left, int spare, ref int hardest)
        {
            // The matrix is symmetric: the least of every column, four columns at a time.
            double* least = stackalloc double[NeighborPairs.Capacity];
            for (int column = 0; column < 32 - BitOperations.LeadingZeroCount(left); column += 4)
            {
                Vector256<double> smallest = Vector256.Create(double.PositiveInfinity);
                for (uint open = left; open != 0; open &= open - 1)
                {
                    double* row = excess + BitOperations.TrailingZeroCount(open) * NeighborPairs.Capacity;
                    smallest = Vector256.MinNative(smallest, Vector256.Load(row + column));
                }

                smallest.Store(least + column);
            }

            double sum = 0, largest = -1;
            for (uint open = left; open != 0; open &= open - 1)
            {
                int k = BitOperations.TrailingZeroCount(open);
                if (spare > 0 && k >= firstOptional)
                    break;
                sum += least[k];
                if (least[k] > largest)
                    (largest, hardest) = (least[k], k);
            }

            return sum;
        }

        private static int Cheapest(double* row, uint open)
        {
            int cheapest = BitOperations.TrailingZeroCount(open);
            for (open &= open - 1; open != 0; open &= open - 1)
            {
                int j = BitOperations.TrailingZeroCount(open);
                if (row[j] < row[cheapest])
                    cheapest = j;
            }

            return cheapest;
        }
    }
}
