using Denoise.Atoms;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class LocalSpacingTests
{
    private static readonly Box Cube = Box.Orthogonal(4, 4, 4);

    [Fact]
    public void Spacing_follows_from_the_volume_per_atom() => Assert.Equal(2, Find(Lattice(2, 2), Cube), 12);

    [Fact]
    public void Where_the_box_is_open_it_ends_with_the_atoms() =>
        // The corners of a cube of edge 2 in a box of any size.
        Assert.Equal(1, Find(Lattice(2, 2), Box.Orthogonal(100, 50, 4, periodic: false)), 12);

    [Fact]
    public void Atoms_in_a_plane_have_one_and_atoms_in_one_place_have_none()
    {
        Box open = Box.Orthogonal(4, 4, 4, periodic: false);
        Assert.Equal(Math.Sqrt(0.5), Find([.. Lattice(2, 2).Select(r => r with { Z = 1 })], open), 12);
        Assert.Equal(0, Find([.. Lattice(2, 2).Select(_ => new Vec3(1, 1, 1))], open));
        Assert.Equal(0, Find([], open));
    }

    [Theory]
    [InlineData(1e-110)]
    [InlineData(1.7e-108)]
    [InlineData(1e-150)]
    [InlineData(1e110)]
    public void A_volume_that_is_no_number_has_none(double edge)
    {
        Box box = Box.Orthogonal(edge, edge, edge);
        Assert.Equal(0, Find([new(0, 0, 0), new(edge / 2, 0, 0), new(0, edge / 2, 0)], box));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Neither_vacuum_nor_an_atom_far_away_makes_it_longer(bool periodic)
    {
        Vec3[] atoms = [.. Lattice(10, 2), new(7, 9, 9000)];
        double spacing = Find(atoms, new(new(20, 0, 0), new(0, 20, 0), new(0, 0, 10000), default, periodic, periodic, periodic));
        Assert.InRange(spacing, 1.6, 2.9);
        // The mean is 15.9.
    }

    [Fact]
    public void Atoms_may_lie_outside_of_the_box()
    {
        Vec3[] atoms = Lattice(8, 2), moved = [.. atoms.Select((r, i) => r + new Vec3(16 * (i % 5 - 2), -48, 16))];
        Box box = Box.Orthogonal(16, 16, 16);
        Assert.Equal(Find(atoms, box), Find(moved, box));
    }

    private static double Find(Vec3[] atoms, Box box)
    {
        double[] positions = [.. atoms.SelectMany(r => new[] { r.X, r.Y, r.Z })];
        using LocalSpacing spacing = new();
        fixed (double* pointer = positions)
            return spacing.Find(pointer, atoms.Length, box);
    }

    private static Vec3[] Lattice(int side, double step) =>
    [
        .. from x in Enumerable.Range(0, side) from y in Enumerable.Range(0, side) from z in Enumerable.Range(0, side)
           select new Vec3(x, y, z) * step + new Vec3(0.5, 0.5, 0.5),
    ];
}
