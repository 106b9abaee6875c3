using System.Text.Json;
using Denoise.Atoms;

namespace Denoise.Networks.Tests.Support;

/// <summary>Atoms in a box, as a test states them.</summary>
public sealed record AtomicSystem(Box Box, Vec3[] Positions, int[] Species)
{
    public int Count => Positions.Length;

    /// <summary>A case of the reference files: cell rows, positions, species.</summary>
    public static AtomicSystem Read(JsonElement test, int[] species)
    {
        Vec3[] cell = Vectors(test.GetProperty("cell").Numbers());
        return new(new(cell[0], cell[1], cell[2], default, true, true, true), Vectors(test.GetProperty("positions").Numbers()), species);
    }

    /// <summary>Atoms at random, no two closer than a distance, in a skewed periodic box or (open) in a ball of that size.</summary>
    public static AtomicSystem Random(int seed, int count, double size, double closest, int speciesCount, bool periodic)
    {
        var random = new Random(seed);
        var box = new Box(new(size, 0, 0), new(0.2 * size, 0.9 * size, 0), new(-0.1 * size, 0.15 * size, 1.1 * size), default,
            periodic, periodic, periodic);
        var positions = new List<Vec3>();
        while (positions.Count < count)
        {
            Vec3 r = box.ToCartesian(new(random.NextDouble(), random.NextDouble(), random.NextDouble()));
            if (positions.All(other => Distance(box, r, other) >= closest))
                positions.Add(r);
        }

        return new(box, [.. positions], [.. positions.Select(_ => random.Next(speciesCount))]);
    }

    public AtomicSystem Map(Func<Vec3, Vec3> map) => this with { Positions = [.. Positions.Select(map)] };

    /// <summary>Box and atoms turned (or, by an improper rotation, mirrored).</summary>
    public AtomicSystem Rotated(Vec3[] rotation)
    {
        Vec3 Apply(Vec3 v) => Rotations.Apply(rotation, v);
        return Map(Apply) with { Box = Box with { A = Apply(Box.A), B = Apply(Box.B), C = Apply(Box.C), Origin = Apply(Box.Origin) } };
    }

    /// <summary>Atom order[k] at place k.</summary>
    public AtomicSystem Permuted(int[] order) =>
        this with { Positions = [.. order.Select(i => Positions[i])], Species = [.. order.Select(i => Species[i])] };

    /// <summary>The box repeated; copy c of atom i is atom c * Count + i.</summary>
    public AtomicSystem Repeated(int na, int nb, int nc)
    {
        Vec3[] shifts = [.. from a in Enumerable.Range(0, na)
                            from b in Enumerable.Range(0, nb)
                            from c in Enumerable.Range(0, nc)
                            select Box.A * a + Box.B * b + Box.C * c];
        return new(Box with { A = Box.A * na, B = Box.B * nb, C = Box.C * nc },
            [.. shifts.SelectMany(shift => Positions.Select(r => r + shift))], [.. shifts.SelectMany(_ => Species)]);
    }

    private static double Distance(Box box, Vec3 a, Vec3 b)
    {
        if (!box.AnyPeriodic)
            return (a - b).Length;
        Vec3 f = box.ToFractional(a - b + box.Origin);
        Vec3 near = new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z));
        int[] images = [-1, 0, 1];
        return (from x in images
                from y in images
                from z in images
                select (box.ToCartesian(near + new Vec3(x, y, z)) - box.Origin).Length).Min();
    }

    private static Vec3[] Vectors(double[] values) =>
        [.. values.Chunk(3).Select(v => new Vec3(v[0], v[1], v[2]))];
}
