using Denoise.Atoms;

namespace Denoise.Neighbors;

/// <summary>How far an atom of a periodic box is from its nearest own image.</summary>
public static class ShortestPeriod
{
    private const int MostSteps = 100;

    /// <summary>Whether every atom is in one place with its own image: the box is wrong.</summary>
    /// <param name="box">in any unit</param>
    /// <param name="lengthUnit">Å in it</param>
    public static bool IsCoincident(Box box, double lengthUnit)
    {
        double longest = 0;
        for (int axis = 0; axis < 3; axis++)
            longest = box.IsPeriodic(axis) ? Math.Max(longest, box[axis].Length) : longest;
        return Of(box) * lengthUnit < Coincidence.Distance(longest * lengthUnit);
    }

    /// <summary>
    /// Length of the shortest lattice vector along the periodic directions, in the box's units; infinite where none is periodic.
    /// Edges are shortened by each other until none gets shorter; then the shortest vector is a sum of them, each taken at most once.
    /// </summary>
    public static double Of(Box box)
    {
        Span<Vec3> edges = stackalloc Vec3[3];
        int count = 0;
        for (int axis = 0; axis < 3; axis++)
            if (box.IsPeriodic(axis))
                edges[count++] = box[axis];
        edges = edges[..count];
        for (int step = 0; step < MostSteps && Shorten(edges); step++)
        {
        }

        double shortest = double.PositiveInfinity;
        for (int sum = 1; sum < 27; sum++)
        {
            Vec3 vector = default;
            for (int k = 0, digits = sum; k < count; k++, digits /= 3)
                vector += edges[k] * (digits % 3 - 1);
            if (vector != default)
                shortest = Math.Min(shortest, vector.Length);
        }

        return shortest;
    }

    private static bool Shorten(Span<Vec3> edges)
    {
        bool isShorter = false;
        for (int i = 0; i < edges.Length; i++)
        {
            for (int j = 0; j < edges.Length; j++)
            {
                Vec3 shorter = edges[i] - edges[j] * Math.Round(Vec3.Dot(edges[i], edges[j]) / Vec3.Dot(edges[j], edges[j]));
                if (i == j || !(shorter.Length < edges[i].Length))
                    continue;
                edges[i] = shorter;
                isShorter = true;
            }
        }

        return isShorter;
    }
}
