using Denoise.Atoms;
using Denoise.Structure.TemplateMatching;

namespace Denoise.Structure.Tests;

public sealed class GrainAnalysisTests
{
    private const string Text = "grains:cutoff=3.1,types=fcc+hcp+bcc";

    private static readonly Vec3 Cube = new(1, 1, 1);

    [Theory]
    [InlineData(12, 0, 0, 1)]
    [InlineData(36.87, 0, 0, 1)]
    [InlineData(45, 0, 0, 1)]
    [InlineData(60, 1, 1, 1)]
    [InlineData(30, 1, 2, 3)]
    public void Two_halves_of_known_misorientation(double degrees, double x, double y, double z)
    {
        Lattice lattice = Bicrystal(degrees, new(x, y, z)).Rattled(0.03, 1);
        using AnalysisFrame frame = new(Text);
        frame.Run(lattice);
        Assert.Equal(2, frame.Global("grain_count"));
        Assert.Equal(degrees, frame.Global("grain_misorientation"), 0.1);
        double[] grains = frame.Column("grain"), sizes = frame.Column("grain_size");
        int[] inBulk = [.. Enumerable.Range(0, grains.Length).Where(i => Math.Abs(lattice.Positions[i].X) is > 6 and < 14
            && Math.Abs(lattice.Positions[i].Y) < 10 && Math.Abs(lattice.Positions[i].Z) < 10)];
        Assert.All(inBulk, i => Assert.Equal(grains[inBulk.First(j => lattice.Positions[j].X * lattice.Positions[i].X > 0)], grains[i]));
        Assert.Equal(frame.Global("grain_largest"), grains.Count(grain => grain == 1));
        Assert.All(inBulk, i => Assert.Equal(sizes[i], grains.Count(grain => grain == grains[i])));
    }

    [Fact]
    public void A_rotation_of_the_cube_is_none()
    {
        using AnalysisFrame frame = new(Text);
        frame.Run(Bicrystal(90, new(0, 0, 1)).Rattled(0.03, 2));
        Assert.Equal(1, frame.Global("grain_count"));
        Assert.Equal(0, frame.Global("grain_misorientation"));
    }

    [Fact]
    public void Neighbors_within_the_angle_are_of_one_grain()
    {
        Lattice lattice = Bicrystal(8, new(0, 0, 1));
        using AnalysisFrame wide = new(Text + ",angle=10"), narrow = new(Text + ",angle=2");
        Assert.Equal(1, wide.Run(lattice).Global("grain_count"));
        Assert.Equal(2, narrow.Run(lattice).Global("grain_count"));
        Assert.Equal(8, narrow.Global("grain_misorientation"), 0.05);
    }

    [Fact]
    public void Small_grains_and_other_structures_are_none()
    {
        using AnalysisFrame frame = new("grains:cutoff=3.1,smallest=1000");
        frame.Run(Lattice.Named("fcc"));
        Assert.Equal(0, frame.Global("grain_count"));
        Assert.All(frame.Column("grain"), grain => Assert.Equal(0, grain));
        using AnalysisFrame whole = new("grains:cutoff=3.1");
        Assert.Equal(1, whole.Run(Lattice.Named("fcc")).Global("grain_count"));
        Assert.Equal(1, whole.Global("grain_largest_endless"));
        Assert.Equal(0, whole.Run(Lattice.Named("random")).Global("grain_count"));
    }

    [Fact]
    public void Threads_do_not_matter()
    {
        Lattice lattice = Bicrystal(25, Cube).Rattled(0.1, 3);
        using AnalysisFrame one = new(Text), three = new(Text, threads: 3);
        one.Run(lattice);
        three.Run(lattice);
        Assert.Equal(one.Column("grain"), three.Column("grain"));
        Assert.Equal(one.Global("grain_misorientation"), three.Global("grain_misorientation"));
    }

    /// <summary>Two halves of fcc in open space, turned against each other around an axis, without atoms too close at the boundary.</summary>
    private static Lattice Bicrystal(double degrees, Vec3 axis)
    {
        const double Edge = 3.6, Half = 18;
        List<Vec3> atoms = [];
        foreach (int side in (int[])[-1, 1])
        {
            double angle = side * degrees * Math.PI / 360;
            Vec3 imaginary = axis * (Math.Sin(angle / 2) / axis.Length);
            Rotation rotation = new(Math.Cos(angle / 2), imaginary.X, imaginary.Y, imaginary.Z);
            for (int a = -22; a <= 22; a++)
                for (int b = -22; b <= 22; b++)
                    for (int c = -22; c <= 22; c++)
                    {
                        if ((a + b + c) % 2 != 0)
                            continue;
                        Vec3 r = rotation.Apply(new Vec3(a, b, c) * (Edge / 2));
                        if (side * r.X > 0 && Math.Abs(r.X) < Half && Math.Abs(r.Y) < Half && Math.Abs(r.Z) < Half
                            && (side < 0 || atoms.All(other => other.X < -2.2 || (other - r).Length > 2.2)))
                            atoms.Add(r);
                    }
        }

        return new("bicrystal", Box.Orthogonal(100, 100, 100, periodic: false), [.. atoms]);
    }
}
