using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Structure.Centrosymmetry;

/// <summary>Pairs of neighbors of one atom, each with its |r_i + r_j|^2: zero where they are opposite.</summary>
internal static unsafe class NeighborPairs
{
    /// <summary>Most neighbors that take part.</summary>
    public const int Capacity = 32;

    /// <summary>Most that are exactly as far as the last that counts; a crystal's shell of which not all count has 12.</summary>
    public const int MostTied = 16;

    /// <summary>
    /// The sum of the smallest |r_i + r_j|^2 where some neighbors are exactly as far as the last that counts: the least over all ways
    /// to choose among them.
    /// </summary>
    /// <param name="x">[count] r_k, Å</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">neighbors, at most <see cref="Capacity"/></param>
    /// <param name="firstTied">neighbors from this one on are equally far</param>
    /// <param name="chosen">how many count: all before the tied ones, and some of these</param>
    /// <param name="pairs">how many to add, at most 16</param>
    [SkipLocalsInit]
    public static double LeastSum(double* x, double* y, double* z, int count, int firstTied, int chosen, int pairs)
    {
        double* members = stackalloc double[3 * Capacity], my = members + Capacity, mz = my + Capacity;
        uint tied = (1u << (count - firstTied)) - 1, set = (1u << (chosen - firstTied)) - 1;
        double least = double.PositiveInfinity;
        // Every set of so many bits, in order; the next one moves the lowest run of ones.
        for (; set <= tied && least > 0;)
        {
            int member = 0;
            for (; member < firstTied; member++)
                (members[member], my[member], mz[member]) = (x[member], y[member], z[member]);
            for (uint left = set; left != 0; left &= left - 1, member++)
            {
                int k = firstTied + BitOperations.TrailingZeroCount(left);
                (members[member], my[member], mz[member]) = (x[k], y[k], z[k]);
            }

            least = Math.Min(least, SmallestSum(members, my, mz, chosen, pairs));
            uint lowest = set & (0 - set), carried = set + lowest;
            set = carried | (((set ^ carried) / lowest) >> 2);
        }

        return least;
    }

    /// <summary>The sum of the smallest |r_i + r_j|^2, smallest first.</summary>
    /// <param name="x">[readable to a multiple of 4] r_k, Å</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">neighbors, at most <see cref="Capacity"/></param>
    /// <param name="pairs">how many to add, at most 16</param>
    [SkipLocalsInit]
    public static double SmallestSum(double* x, double* y, double* z, int count, int pairs)
    {
        if (pairs == 0)
            return 0;
        // The smallest so far, in order; a pair enters where it is below the last.
        double* smallest = stackalloc double[CentrosymmetryAnalysis.MostNeighbors];
        double* sums = stackalloc double[4];
        new Span<double>(smallest, pairs).Fill(double.PositiveInfinity);
        for (int i = 0; i < count - 1; i++)
        {
            Vector256<double> xi = Vector256.Create(x[i]), yi = Vector256.Create(y[i]), zi = Vector256.Create(z[i]);
            for (int j = (i + 1) & ~3; j < count; j += 4)
            {
                Vector256<double> dx = Vector256.Load(x + j) + xi, dy = Vector256.Load(y + j) + yi, dz = Vector256.Load(z + j) + zi;
                Vector256<double> square = dx * dx + dy * dy + dz * dz;
                uint below = Vector256.LessThan(square, Vector256.Create(smallest[pairs - 1])).ExtractMostSignificantBits();
                below &= (uint)(0xF << Math.Max(i + 1 - j, 0)) & (uint)(0xF >> Math.Max(j + 4 - count, 0));
                if (below == 0)
                    continue;
                square.Store(sums);
                for (; below != 0; below &= below - 1)
                    Insert(smallest, pairs, sums[BitOperations.TrailingZeroCount(below)]);
            }
        }

        return Sum(smallest, pairs);
    }

    /// <summary>Adds from the smallest on; what is infinite is absent.</summary>
    public static double Sum(double* ascending, int count)
    {
        double sum = 0;
        for (int k = 0; k < count && ascending[k] < double.PositiveInfinity; k++)
            sum += ascending[k];
        return sum;
    }

    /// <summary>Puts a value among those in order; the largest drops out.</summary>
    public static void Insert(double* ascending, int count, double value)
    {
        int k = count - 1;
        for (; k > 0 && ascending[k - 1] > value; k--)
            ascending[k] = ascending[k - 1];
        if (value < ascending[k])
            ascending[k] = value;
    }
}
