using Denoise.Atoms;

namespace Denoise.Parallel.RankProgram;

/// <summary>A random frame that every rank can make for itself from the seed: its box, its atoms, and a range for ghosts.</summary>
public sealed class TestFrame
{
    public TestFrame(int seed)
    {
        Random random = new(seed);
        double[] edges = [3 + 9 * random.NextDouble(), 3 + 9 * random.NextDouble(), 3 + 9 * random.NextDouble()];
        double tilt = seed % 2 == 0 ? 0 : 2;
        bool[] periodic = [(seed & 1) == 0, (seed & 2) == 0, (seed & 4) == 0];
        if (seed >= 8)
            periodic = [true, true, true];
        Box = new(new(edges[0], 0, 0), new(tilt * random.NextDouble(), edges[1], 0),
            new(-tilt * random.NextDouble(), tilt * random.NextDouble(), edges[2]), new(-1, 2, 0.5), periodic[0], periodic[1], periodic[2]);

        // Seed 3 has fewer atoms than ranks, seed 5 none; seed 6 holds all its atoms in a corner.
        int count = seed switch { 3 => 2, 5 => 0, _ => 40 + 13 * seed };
        // Atoms outside the box too: unwrapped coordinates along periodic directions, anything along open ones.
        double spread = seed == 6 ? 0.2 : 3;
        Positions = new double[3 * count];
        Types = new int[count];
        Ids = new long[count];
        for (int i = 0; i < count; i++)
        {
            Vec3 f = new(random.NextDouble() * spread - 1, random.NextDouble() * spread - 1, random.NextDouble() * spread - 1);
            Vec3 r = Box.ToCartesian(f);
            (Positions[3 * i], Positions[3 * i + 1], Positions[3 * i + 2]) = (r.X, r.Y, r.Z);
            Types[i] = 1 + random.Next(3);
            // Not 1, 2, ...: ids have gaps and exceed 32 bits.
            Ids[i] = (1L << 40) + 7L * (count - i);
        }

        Range = seed % 3 == 0 ? 2.5 : 6;
    }

    public Box Box { get; }

    public double Range { get; }

    public double[] Positions { get; }

    public int[] Types { get; }

    public long[] Ids { get; }

    public int Count => Ids.Length;

    /// <summary>All pairs: id and distance of everything within the range of atom i, every image, sorted.</summary>
    public List<(long Id, double Distance)> Neighbors(int i)
    {
        List<(long, double)> found = [];
        Vec3 faces = Box.FaceDistances;
        int[] most = new int[3];
        for (int axis = 0; axis < 3; axis++)
            most[axis] = Box.IsPeriodic(axis) ? (int)Math.Ceiling(Range / faces[axis]) + 1 : 0;
        for (int j = 0; j < Count; j++)
        {
            Vec3 nearby = NearestCell(Position(j) - Position(i));
            for (int x = -most[0]; x <= most[0]; x++)
                for (int y = -most[1]; y <= most[1]; y++)
                    for (int z = -most[2]; z <= most[2]; z++)
                    {
                        Vec3 d = nearby + Box.A * x + Box.B * y + Box.C * z;
                        if (d.Length < Range && !(i == j && (x, y, z) == (0, 0, 0)))
                            found.Add((Ids[j], d.Length));
                    }
        }

        found.Sort();
        return found;
    }

    public Vec3 Position(int i) => new(Positions[3 * i], Positions[3 * i + 1], Positions[3 * i + 2]);

    private Vec3 NearestCell(Vec3 difference)
    {
        Vec3 cells = Box.ToFractional(difference + Box.Origin);
        for (int axis = 0; axis < 3; axis++)
            if (Box.IsPeriodic(axis))
                difference -= Box[axis] * Math.Round(cells[axis]);
        return difference;
    }
}
