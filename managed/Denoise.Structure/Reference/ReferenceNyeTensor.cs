using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.Dislocations;
using Denoise.Structure.References;

namespace Denoise.Structure.Reference;

/// <summary>
/// Lattice correspondence and Nye tensors of all atoms, all pairs, in double precision: the oracle of <see cref="DislocationAnalysis"/>.
/// </summary>
internal static class ReferenceNyeTensor
{
    private const int Rounds = 3;

    /// <summary>|α|, 1/Å, of the atoms within two neighbor distances of one that is neither crystal nor fault; else 0.</summary>
    public static double[] Magnitudes(IdealCrystal crystal, double lattice, Vec3[] positions, Box box, int[] types)
    {
        double near = crystal.NearestDistance * lattice;
        List<ReferenceNeighbors.Neighbor>[] shells = [.. positions.Select(
            (_, i) => ReferenceNeighbors.Within(positions, box, i, 1.1 * crystal.ShellReach * lattice))];
        Matrix3?[] maps = new Matrix3?[positions.Length];
        for (int i = 0; i < positions.Length; i++)
            if (types[i] == (int)crystal.Type)
                maps[i] = OfCrystal(crystal, shells[i]);
        for (int round = 0; round < Rounds; round++)
        {
            Matrix3?[] former = [.. maps];
            for (int i = 0; i < positions.Length; i++)
                maps[i] ??= OfOther(crystal, shells[i], former);
        }

        double[] magnitudes = new double[positions.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            bool isNear = IsDefect(i) || ReferenceNeighbors.Within(positions, box, i, 2 * near).Exists(other => IsDefect(other.Index));
            if (isNear && maps[i] is { } map)
                magnitudes[i] = lattice * Magnitude(crystal, map, shells[i], maps);
        }

        return magnitudes;

        bool IsDefect(int atom) => types[atom] != (int)crystal.Type
            && types[atom] != (int?)crystal.FaultType;
    }

    /// <summary>Of all frames that two neighbors and two ideal ones give, that under which ideal neighbors are nearest.</summary>
    private static Matrix3 OfCrystal(IdealCrystal crystal, List<ReferenceNeighbors.Neighbor> shell)
    {
        Vec3[] vectors =
            [.. shell.OrderBy(neighbor => neighbor.DistanceSquared).Take(crystal.Shell.Length).Select(neighbor => neighbor.Vector)];
        (double least, Matrix3 best) = (double.PositiveInfinity, default);
        Vec3 a = vectors[0];
        foreach (Vec3 b in vectors.Where(b => Vec3.Cross(a, b).Length > 0.3 * a.Length * b.Length))
        {
            // One of each distance: the others are equal by symmetry.
            foreach (Vec3 first in (Vec3[])[crystal.Shell[0], crystal.Shell[^1]])
            {
                foreach (Vec3 second in crystal.Shell)
                {
                    if (Vec3.Cross(first, second).Length < 0.3 * first.Length * second.Length)
                        continue;
                    Matrix3 from = new Matrix3(a, b, Vec3.Cross(a, b) * (1 / a.Length)).Transposed;
                    Matrix3 to = new Matrix3(first, second, Vec3.Cross(first, second) * (1 / first.Length)).Transposed;
                    Matrix3 map = to.Times(from.Inverse);
                    double rest = vectors.Sum(v => crystal.Shell.Min(ideal => Square(ideal - map.Times(v))));
                    if (rest < least)
                        (least, best) = (rest, map);
                }
            }
        }

        Matrix3 squares = default, products = default;
        foreach (Vec3 v in vectors)
        {
            squares = squares.Plus(v, v);
            products = products.Plus(crystal.Shell.MinBy(ideal => Square(ideal - best.Times(v))), v);
        }

        return products.Times(squares.Inverse);
    }

    /// <summary>By the ideal neighbors next to the vectors under the mean map of the neighbors that have one.</summary>
    private static Matrix3? OfOther(IdealCrystal crystal, List<ReferenceNeighbors.Neighbor> shell, Matrix3?[] maps)
    {
        List<ReferenceNeighbors.Neighbor> known = [.. shell.Where(neighbor => maps[neighbor.Index] is not null)];
        if (known.Count == 0)
            return null;
        Matrix3 next = maps[known.MinBy(neighbor => neighbor.DistanceSquared).Index]!.Value, sum = default;
        Matrix3[] same = [.. known.Select(neighbor => Turned(crystal, maps[neighbor.Index]!.Value, next)).Where(map => Angle(map, next) < 15)];
        foreach (Matrix3 map in same)
            sum = Plus(sum, map, 1.0 / same.Length);
        return crystal.Match([.. shell.Select(neighbor => neighbor.Vector)], sum, out Matrix3 own) > 0 ? own : null;
    }

    private static double Magnitude(IdealCrystal crystal, Matrix3 map, List<ReferenceNeighbors.Neighbor> shell, Matrix3?[] maps)
    {
        // slopes[m] holds the gradient of row m: Σ ΔG d (Σ d dᵀ)⁻¹.
        Matrix3 squares = default;
        Matrix3[] slopes = new Matrix3[3];
        foreach (ReferenceNeighbors.Neighbor neighbor in shell)
        {
            if (maps[neighbor.Index] is not { } other || Angle(Turned(crystal, other, map), map) >= 15)
                continue;
            Matrix3 change = Plus(Turned(crystal, other, map), map, -1);
            squares = squares.Plus(neighbor.Vector, neighbor.Vector);
            slopes[0] = slopes[0].Plus(change.X, neighbor.Vector);
            slopes[1] = slopes[1].Plus(change.Y, neighbor.Vector);
            slopes[2] = slopes[2].Plus(change.Z, neighbor.Vector);
        }

        double sum = 0;
        for (int m = 0; m < 3; m++)
        {
            Matrix3 c = slopes[m].Times(squares.Inverse);
            sum += Square(new(c.Z.Y - c.Y.Z, c.X.Z - c.Z.X, c.Y.X - c.X.Y));
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The equal of a map that differs least from another.</summary>
    private static Matrix3 Turned(IdealCrystal crystal, Matrix3 map, Matrix3 next)
    {
        return crystal.Rotations.Select(rotation => rotation.Times(map)).MinBy(turned =>
        {
            Matrix3 rest = Plus(turned, next, -1);
            return Square(rest.X) + Square(rest.Y) + Square(rest.Z);
        });
    }

    /// <summary>Degrees.</summary>
    private static double Angle(Matrix3 a, Matrix3 b)
    {
        double Product(Matrix3 p, Matrix3 q) => Vec3.Dot(p.X, q.X) + Vec3.Dot(p.Y, q.Y) + Vec3.Dot(p.Z, q.Z);
        double trace = 3 * Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
        return Math.Acos(Math.Clamp((trace - 1) / 2, -1, 1)) * 180 / Math.PI;
    }

    private static Matrix3 Plus(Matrix3 a, Matrix3 b, double times) => new(a.X + b.X * times, a.Y + b.Y * times, a.Z + b.Z * times);

    private static double Square(Vec3 v) => Vec3.Dot(v, v);
}
