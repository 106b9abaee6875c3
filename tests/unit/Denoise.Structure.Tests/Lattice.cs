using Denoise.Atoms;

namespace Denoise.Structure.Tests;

/// <summary>Atoms in a box, with what the tests do to them.</summary>
/// <param name="Name">for messages</param>
/// <param name="Box">Å</param>
/// <param name="Positions">Å</param>
internal sealed record Lattice(string Name, Box Box, Vec3[] Positions)
{
    public static readonly int[] Seeds = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

    public static Lattice Named(string name, int repeat = 4) => name switch
    {
        "fcc" => Cubic(name, 3.6, repeat, new(0, 0, 0), new(0, .5, .5), new(.5, 0, .5), new(.5, .5, 0)),
        "bcc" => Cubic(name, 2.87, repeat, new(0, 0, 0), new(.5, .5, .5)),
        "sc" => Cubic(name, 2.5, repeat, new Vec3(0, 0, 0)),
        "diamond" => Cubic(name, 5.4, repeat, new(0, 0, 0), new(0, .5, .5), new(.5, 0, .5), new(.5, .5, 0),
            new(.25, .25, .25), new(.25, .75, .75), new(.75, .25, .75), new(.75, .75, .25)),
        "hcp" => Repeat(name, 2.5 * new Cell(new(1, 0, 0), new(-.5, Math.Sqrt(.75), 0), new(0, 0, Math.Sqrt(8.0 / 3))), repeat,
            [new(0, 0, 0), new(1.0 / 3, 2.0 / 3, .5)]),
        "random" => Random(repeat),
        _ => throw new ArgumentException(name),
    };

    /// <summary>A hexagonal cell, edges a at 120 degrees and c, with atoms at fractional coordinates.</summary>
    public static Lattice Hexagonal(string name, double a, double c, int repeat, params Vec3[] basis) =>
        Repeat(name, new(new(a, 0, 0), new(-a / 2, Math.Sqrt(.75) * a, 0), new(0, 0, c)), repeat, basis);

    /// <summary>An atom in the middle of twelve, in open space.</summary>
    public static Lattice Icosahedron()
    {
        double golden = (1 + Math.Sqrt(5)) / 2;
        var atoms = new List<Vec3> { new(0, 0, 0) };
        foreach (double a in (double[])[-1, 1])
        {
            foreach (double b in (double[])[-golden, golden])
                atoms.AddRange([new(0, a, b), new(a, b, 0), new(b, 0, a)]);
        }

        return new("icosahedron", Box.Orthogonal(1, 1, 1, periodic: false), [.. atoms]);
    }

    /// <summary>Every coordinate off by a normal deviate.</summary>
    public Lattice Rattled(double sigma, int seed)
    {
        var random = new Random(seed);
        double Normal() => sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Moved(Normal);
    }

    /// <summary>Every coordinate off by what is drawn.</summary>
    public Lattice Moved(Func<double> draw) => this with { Positions = [.. Positions.Select(r => r + new Vec3(draw(), draw(), draw()))] };

    /// <summary>Box and atoms under a linear map: a rotation, a strain.</summary>
    public Lattice Mapped(Func<Vec3, Vec3> map) => new(Name,
        Box with { A = map(Box.A), B = map(Box.B), C = map(Box.C), Origin = map(Box.Origin) }, [.. Positions.Select(map)]);

    private static Lattice Cubic(string name, double edge, int repeat, params Vec3[] basis) =>
        Repeat(name, edge * new Cell(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)), repeat, basis);

    private static Lattice Repeat(string name, Cell cell, int repeat, Vec3[] basis)
    {
        var atoms = new List<Vec3>();
        for (int a = 0; a < repeat; a++)
        {
            for (int b = 0; b < repeat; b++)
            {
                for (int c = 0; c < repeat; c++)
                {
                    foreach (Vec3 atom in basis)
                        atoms.Add(cell.A * (a + atom.X) + cell.B * (b + atom.Y) + cell.C * (c + atom.Z));
                }
            }
        }

        return new(name, new(cell.A * repeat, cell.B * repeat, cell.C * repeat, default, true, true, true), [.. atoms]);
    }

    /// <summary>Atoms added one by one where they are at least 2 Å from all others.</summary>
    private static Lattice Random(int repeat)
    {
        var random = new Random(repeat);
        double edge = 3.6 * repeat;
        var atoms = new List<Vec3>();
        for (int trial = 0; trial < 4000; trial++)
        {
            var candidate = new Vec3(edge * random.NextDouble(), edge * random.NextDouble(), edge * random.NextDouble());
            if (atoms.All(other => Apart(candidate.X - other.X, candidate.Y - other.Y, candidate.Z - other.Z) > 2))
                atoms.Add(candidate);
        }

        return new("random", Box.Orthogonal(edge, edge, edge), [.. atoms]);

        double Apart(double x, double y, double z) =>
            new Vec3(x - edge * Math.Round(x / edge), y - edge * Math.Round(y / edge), z - edge * Math.Round(z / edge)).Length;
    }

    private readonly record struct Cell(Vec3 A, Vec3 B, Vec3 C)
    {
        public static Cell operator *(double s, Cell cell) => new(cell.A * s, cell.B * s, cell.C * s);
    }
}
