using System.Runtime.InteropServices;
using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// The Bravais lattice that the atoms of a chunk are on: three vectors and an origin, and the site of each atom. Only encoders need it;
/// how good it is shows in what is left to code.
/// </summary>
internal sealed unsafe class LatticeFit
{
    private const int Seeds = 96;
    private const int Nearest = 14;
    private const int FewestAtoms = 64;
    private const int Clusters = 9;
    private const int Guesses = 48;

    // Of the atoms within reach, how many are fitted to.
    private const int FitSamples = 2048;

    // Atoms before and behind a seed among which its neighbors are sought: in the order of a block, they are near.
    private const int Window = 1024;

    // In parts of the distance between neighbors.
    private const double ClusterRadius = 0.3;
    private const double Outlier = 0.4;
    private const double LargestMisfit = 0.25;

    private Vec3 _origin;

    public Vec3[] Vectors { get; } = new Vec3[3];

    /// <summary>[atoms, 3]</summary>
    public int[] Sites { get; private set; } = [];

    /// <summary>Finds it.</summary>
    /// <param name="positions">[count, 4] Å</param>
    /// <returns>false: there is none</returns>
    public bool Find(double* positions, int count)
    {
        if (count < FewestAtoms)
            return false;
        List<Vec3> differences = Differences(positions, count, out double distance);
        if (!(distance > 0) || !ChooseVectors(differences, distance))
            return false;
        if (Sites.Length < 3 * count)
            Sites = new int[3 * count];
        return Refine(positions, count, distance);
    }

    /// <summary>From some atoms to their nearest.</summary>
    private static List<Vec3> Differences(double* positions, int count, out double distance)
    {
        List<Vec3> all = [];
        List<double> nearest = [];
        (double Square, int Atom)[] near = new (double, int)[Nearest];
        for (int s = 0; s < Seeds; s++)
        {
            int i = (int)((long)s * count / Seeds);
            Vec3 center = At(positions, i);
            int found = 0;
            int first = Math.Max(0, Math.Min(i - Window, count - 2 * Window)), last = Math.Min(count, first + 2 * Window);
            for (int j = first; j < last; j++)
            {
                double x = positions[4L * j] - center.X, y = positions[4L * j + 1] - center.Y, z = positions[4L * j + 2] - center.Z;
                double square = x * x + y * y + z * z;
                if (j == i || (found == Nearest && square >= near[Nearest - 1].Square))
                    continue;
                int k = found < Nearest ? found++ : Nearest - 1;
                for (; k > 0 && near[k - 1].Square > square; k--)
                    near[k] = near[k - 1];
                near[k] = (square, j);
            }

            nearest.Add(Math.Sqrt(near[3].Square));
            for (int k = 0; k < found; k++)
                all.Add(At(positions, near[k].Atom) - center);
        }

        nearest.Sort();
        double typical = distance = nearest[nearest.Count / 2];
        all.RemoveAll(d => d.Length > 1.7 * typical);
        return all;
    }

    /// <summary>The centers of the densest clusters of differences; of these the three shortest that span the least volume.</summary>
    private bool ChooseVectors(List<Vec3> differences, double distance)
    {
        List<Vec3> centers = [];
        List<Vec3> rest = [.. differences];
        while (centers.Count < Clusters && rest.Count > differences.Count / 60)
        {
            Vec3 best = default;
            int most = 0;
            for (int k = 0; k < rest.Count; k += Math.Max(1, rest.Count / Guesses))
            {
                int members = Members(rest, rest[k], ClusterRadius * distance, out Vec3 mean);
                if (members > most)
                    (most, best) = (members, mean);
            }

            for (int round = 0; round < 4; round++)
                _ = Members(rest, best, ClusterRadius * distance, out best);
            if (most < differences.Count / 50)
                break;
            centers.Add(best);
            rest.RemoveAll(d => (d - best).Length < 0.4 * distance || (d + best).Length < 0.4 * distance);
        }

        double smallest = double.PositiveInfinity;
        for (int a = 0; a < centers.Count; a++)
            for (int b = a + 1; b < centers.Count; b++)
                for (int c = b + 1; c < centers.Count; c++)
                {
                    double volume = Math.Abs(Vec3.Dot(centers[a], Vec3.Cross(centers[b], centers[c])));
                    double length = centers[a].Length + centers[b].Length + centers[c].Length;
                    if (volume < 0.2 * Math.Pow(distance, 3) || volume * length >= smallest * 0.999)
                        continue;
                    smallest = volume * length;
                    (Vectors[0], Vectors[1], Vectors[2]) = (centers[a], centers[b], centers[c]);
                }

        return double.IsFinite(smallest);
    }

    /// <summary>Differences around a center, or around its opposite: where there is a way, there is a way back.</summary>
    private static int Members(List<Vec3> all, Vec3 center, double radius, out Vec3 mean)
    {
        Vec3 sum = default;
        int members = 0;
        foreach (ref readonly Vec3 d in CollectionsMarshal.AsSpan(all))
        {
            double sign = Math.CopySign(1, Vec3.Dot(d, center));
            Vec3 away = d * sign - center;
            if (Vec3.Dot(away, away) >= radius * radius)
                continue;
            sum += d * sign;
            members++;
        }

        mean = members > 0 ? sum * (1.0 / members) : center;
        return members;
    }

    /// <summary>Fits vectors and origin to the atoms around the middle one, then to more and more.</summary>
    private bool Refine(double* positions, int count, double distance)
    {
        Vec3 middle = default;
        for (int i = 0; i < count; i++)
            middle += At(positions, i) * (1.0 / count);
        double least = double.PositiveInfinity, farthest = 0;
        for (int i = 0; i < count; i++)
        {
            double away = (At(positions, i) - middle).Length;
            farthest = Math.Max(farthest, away);
            if (away < least)
                (least, _origin) = (away, At(positions, i));
        }

        Vec3 center = _origin;
        LeastSquares fit = new(4, 3);
        double[] solution = new double[12], site = [0, 0, 0, 1], place = new double[3];
        double misfit = double.PositiveInfinity;
        for (double radius = 4 * distance, last = 0; last < farthest; last = radius, radius *= 1.6)
        {
            bool isAll = radius >= farthest;
            int stride = Math.Max(1, (int)(count * Math.Min(1, Math.Pow(radius / farthest, 3)) / FitSamples));
            int rounds = isAll ? 3 : 2;
            for (int round = 0; round < rounds; round++)
            {
                // Sites are those of the last round; before it, some atoms are enough.
                int step = isAll && round == rounds - 1 ? 1 : stride;
                fit.Clear();
                double squares = 0;
                int inside = 0, kept = 0;
                Box cell = new(Vectors[0], Vectors[1], Vectors[2], _origin, true, true, true);
                var (ra, rb, rc) = cell.Reciprocal;
                for (int i = 0; i < count; i += step)
                {
                    Vec3 r = At(positions, i), away = r - center;
                    if (Vec3.Dot(away, away) > radius * radius)
                        continue;
                    inside++;
                    Vec3 d = r - _origin;
                    Vec3 n = new(Math.Round(Vec3.Dot(ra, d)), Math.Round(Vec3.Dot(rb, d)), Math.Round(Vec3.Dot(rc, d)));
                    if (!(Math.Abs(n.X) < 10000 && Math.Abs(n.Y) < 10000 && Math.Abs(n.Z) < 10000))
                        return false;
                    (Sites[3 * i], Sites[3 * i + 1], Sites[3 * i + 2]) = ((int)n.X, (int)n.Y, (int)n.Z);
                    Vec3 rest = d - (Vectors[0] * n.X + Vectors[1] * n.Y + Vectors[2] * n.Z);
                    double square = Vec3.Dot(rest, rest);
                    if (square > Outlier * Outlier * distance * distance)
                        continue;
                    kept++;
                    squares += square / 3;
                    if (step == 1 && i % stride != 0)
                        continue;
                    (site[0], site[1], site[2]) = (n.X, n.Y, n.Z);
                    (place[0], place[1], place[2]) = (r.X, r.Y, r.Z);
                    fit.Add(site, place);
                }

                if (kept < 0.7 * inside || !fit.Solve(solution))
                    return false;
                misfit = Math.Sqrt(squares / kept);
                for (int k = 0; k < 3; k++)
                    Vectors[k] = new(solution[3 * k], solution[3 * k + 1], solution[3 * k + 2]);
                _origin = new(solution[9], solution[10], solution[11]);
            }
        }

        return misfit < LargestMisfit * distance;
    }

    private static Vec3 At(double* positions, int i) => new(positions[4L * i], positions[4L * i + 1], positions[4L * i + 2]);
}
