using Denoise.Atoms;

namespace Denoise.Neighbors.Tests;

/// <summary>Boxes that a neighbor search can meet, and atoms to put into them.</summary>
internal static class TestBoxes
{
    public static readonly int[] Seeds = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

    public static TheoryData<string, int> All()
    {
        var data = new TheoryData<string, int>();
        foreach (string name in (string[])["cube", "triclinic", "left-handed", "open", "slab", "wire", "thin", "tiny"])
        {
            foreach (int seed in Seeds)
                data.Add(name, seed);
        }

        return data;
    }

    public static Box Named(string name) => name switch
    {
        "cube" => Box.Orthogonal(12, 12, 12),
        "triclinic" => new(new(11, 0.5, -1), new(4, 10, 0.3), new(-3, 5, 9), new(-20, 3, 7), true, true, true),
        "left-handed" => new(new(0, 10, 0), new(10, 2, 0), new(1, 0, 9), new(1, 2, 3), true, true, true),
        "open" => Box.Orthogonal(12, 12, 12, periodic: false),
        "slab" => new(new(10, 0, 0), new(5, 9, 0), new(0, 0, 20), default, true, true, false),
        "wire" => new(new(10, 0, 0), new(0, 9, 0), new(2, 3, 8), default, false, false, true),
        // Thinner than the cutoffs used: several images of an atom are its neighbors, itself included.
        "thin" => new(new(2.1, 0, 0), new(0.7, 9, 0), new(0, 1, 8), default, true, true, true),
        "tiny" => new(new(1.7, 0, 0), new(0.8, 1.5, 0), new(-0.8, 0.4, 1.6), default, true, true, true),
        _ => throw new ArgumentException(name),
    };

    /// <summary>Random atoms in and around the box, at about the density of a metal (0.08 atoms per Å^3).</summary>
    public static Vec3[] RandomAtoms(Box box, int seed)
    {
        var random = new Random(seed);
        var atoms = new Vec3[Math.Max(2, (int)(0.08 * box.Volume))];
        for (int i = 0; i < atoms.Length; i++)
            atoms[i] = box.ToCartesian(new(Coordinate(box.PeriodicA), Coordinate(box.PeriodicB), Coordinate(box.PeriodicC)));
        return atoms;

        // Unwrapped trajectories leave the box along its periodic directions.
        double Coordinate(bool periodic) => periodic ? 5 * random.NextDouble() - 2 : random.NextDouble();
    }

    public static double[] Flat(ReadOnlySpan<Vec3> atoms)
    {
        double[] flat = new double[3 * atoms.Length];
        for (int i = 0; i < atoms.Length; i++)
            (flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]) = (atoms[i].X, atoms[i].Y, atoms[i].Z);
        return flat;
    }
}
