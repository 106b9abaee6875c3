using Denoise.Atoms;
using Denoise.Neighbors.Reference;

namespace Denoise.Structure.Reference;

/// <summary>
/// The linear map of every atom's surroundings by normal equations and elimination, all pairs: the oracle of
/// <see cref="References.AtomicStrainAnalysis"/>. Atom k of the reference is atom k of now.
/// </summary>
public static class ReferenceStrain
{
    /// <summary>F [3, 3] and D²min of an atom; neighbors move by less than half a box.</summary>
    public static (double[,] F, double D2Min) Of(Vec3[] before, Box boxBefore, Vec3[] now, Box boxNow, int atom, double cutoff)
    {
        // Rows of F solve Σ d0 d0ᵀ f = Σ d0 d.
        List<(double[] Former, double[] Present)> pairs = [];
        foreach (ReferenceNeighbors.Neighbor neighbor in ReferenceNeighbors.Within(before, boxBefore, atom, cutoff))
        {
            Vec3 d0 = neighbor.Vector, d = now[neighbor.Index] - now[atom];
            Vec3 off = boxBefore.ToFractional(d0 + boxBefore.Origin) - boxNow.ToFractional(d + boxNow.Origin);
            d += boxNow.A * Math.Round(off.X) + boxNow.B * Math.Round(off.Y) + boxNow.C * Math.Round(off.Z);
            pairs.Add(([d0.X, d0.Y, d0.Z], [d.X, d.Y, d.Z]));
        }

        double[,] f = new double[3, 3];
        for (int row = 0; row < 3; row++)
        {
            double[,] system = new double[3, 4];
            foreach (var (former, present) in pairs)
            {
                for (int a = 0; a < 3; a++)
                {
                    system[a, 3] += former[a] * present[row];
                    for (int b = 0; b < 3; b++)
                        system[a, b] += former[a] * former[b];
                }
            }

            for (int pivot = 0; pivot < 3; pivot++)
            {
                for (int other = 0; other < 3; other++)
                {
                    double factor = system[other, pivot] / system[pivot, pivot];
                    for (int b = 0; b < 4 && other != pivot; b++)
                        system[other, b] -= factor * system[pivot, b];
                }
            }

            for (int b = 0; b < 3; b++)
                f[row, b] = system[b, 3] / system[b, b];
        }

        double rest = 0;
        foreach (var (former, present) in pairs)
            for (int a = 0; a < 3; a++)
                rest += Math.Pow(f[a, 0] * former[0] + f[a, 1] * former[1] + f[a, 2] * former[2] - present[a], 2);
        return (f, rest);
    }
}
