using Denoise.Atoms;

namespace Denoise.Neighbors.Reference;

/// <summary>
/// Neighbors by comparing all pairs and, in a periodic box, all images that can matter: O(N^2), written for clarity, the oracle
/// of the tests. In double precision with the same arithmetic, d^2 = dx^2 + dy^2 + dz^2, as the fast paths.
/// </summary>
public static unsafe class ReferenceNeighbors
{
    /// <summary>One neighbor: the atom, and the vector from the central atom to this image of it.</summary>
    public readonly record struct Neighbor(int Index, Vec3 Vector)
    {
        public double DistanceSquared => Vector.X * Vector.X + Vector.Y * Vector.Y + Vector.Z * Vector.Z;
    }

    /// <summary>Every owned or ghost atom closer than the cutoff to owned atom <paramref name="atom"/>, by index.</summary>
    public static List<Neighbor> Within(ParticleView particles, int atom, double cutoff)
    {
        var found = new List<Neighbor>();
        for (int j = 0; j < particles.Count; j++)
        {
            var neighbor = new Neighbor(j, At(particles, j) - At(particles, atom));
            if (j != atom && neighbor.DistanceSquared < cutoff * cutoff)
                found.Add(neighbor);
        }

        return found;
    }

    /// <summary>Every image of every atom closer than the cutoff to atom <paramref name="atom"/> of a periodic box.</summary>
    public static List<Neighbor> Within(ReadOnlySpan<Vec3> positions, Box box, int atom, double cutoff)
    {
        // The images are counted from where the atoms are: two atoms of an unwrapped trajectory may be many cells apart.
        Vec3 thickness = box.AnyPeriodic ? box.FaceDistances : default;
        var found = new List<Neighbor>();
        for (int j = 0; j < positions.Length; j++)
        {
            Vec3 vector = positions[j] - positions[atom];
            Vec3 fractional = box.AnyPeriodic ? box.ToFractional(vector + box.Origin) : default;
            (int a0, int a1) = Images(box.PeriodicA, fractional.X, cutoff / thickness.X);
            (int b0, int b1) = Images(box.PeriodicB, fractional.Y, cutoff / thickness.Y);
            (int c0, int c1) = Images(box.PeriodicC, fractional.Z, cutoff / thickness.Z);
            for (int a = a0; a <= a1; a++)
            {
                for (int b = b0; b <= b1; b++)
                {
                    for (int c = c0; c <= c1; c++)
                    {
                        var neighbor = new Neighbor(j, vector + (box.A * a + box.B * b + box.C * c));
                        bool itself = j == atom && a == 0 && b == 0 && c == 0;
                        if (!itself && neighbor.DistanceSquared < cutoff * cutoff)
                            found.Add(neighbor);
                    }
                }
            }
        }

        return found;
    }

    /// <summary>The nearest neighbors closer than a distance, nearest first, equal distances by x, y, z.</summary>
    public static List<Neighbor> Nearest(ParticleView particles, int atom, int count, double maxDistance) =>
        [.. Within(particles, atom, maxDistance).OrderBy(n => n.DistanceSquared)
            .ThenBy(n => n.Vector.X).ThenBy(n => n.Vector.Y).ThenBy(n => n.Vector.Z).Take(count)];

    private static (int First, int Last) Images(bool periodic, double fractional, double reach) => periodic
        ? ((int)Math.Floor(-reach - fractional), (int)Math.Ceiling(reach - fractional))
        : (0, 0);

    private static Vec3 At(ParticleView particles, int i) =>
        new(particles.Positions[3 * i], particles.Positions[3 * i + 1], particles.Positions[3 * i + 2]);
}
