using System.Runtime.CompilerServices;
using Denoise.Neighbors;

namespace Denoise.Structure.Centrosymmetry;

/// <summary>Computes the parameter of an atom from its nearest neighbors.</summary>
/// <param name="values">[nLocal] receives it</param>
/// <param name="wanted">neighbors that count</param>
/// <param name="isMatching">by matching, else greedy</param>
/// <param name="unit">of the values, per Å^2</param>
internal readonly unsafe struct CentrosymmetryVisitor(double* values, int wanted, bool isMatching, double unit) : INearestVisitor
{
    [SkipLocalsInit]
    public bool Visit(int atom, in NearestNeighbors nearest, int worker)
    {
        int most = Math.Min(nearest.Count, NeighborPairs.Capacity), chosen = Math.Min(most, wanted);
        bool isDecided = chosen == wanted;
        double limit = chosen > 0 ? nearest.Squares[chosen - 1] * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance) : 0;
        int first = chosen, end = chosen;
        if (isDecided)
        {
            // Those exactly as far as the last take part in the choice.
            while (end < most && nearest.Squares[end] <= limit)
                end++;
            isDecided = end < nearest.Count || nearest.Beyond > limit;
            if (end > chosen)
            {
                double nearer = nearest.Squares[chosen - 1] * (1 - AdaptiveCommonNeighborAnalysis.TieTolerance);
                while (first > 0 && nearest.Squares[first - 1] >= nearer)
                    first--;
                end = Math.Min(end, first + NeighborPairs.MostTied);
            }
        }

        if (!isDecided && !nearest.IsFinal)
            return false;
        double value = isMatching
            ? NeighborMatching.SmallestSum(nearest.X, nearest.Y, nearest.Z, end, chosen % 2 == 0 ? first : 0, chosen / 2)
            : end == chosen
                ? NeighborPairs.SmallestSum(nearest.X, nearest.Y, nearest.Z, chosen, chosen / 2)
                : NeighborPairs.LeastSum(nearest.X, nearest.Y, nearest.Z, end, first, chosen, chosen / 2);
        values[atom] = value * unit;
        return true;
    }
}
