using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.TestSupport;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class GhostShellTests
{
    private const double Range = 4.3;

    public static TheoryData<string, int> Boxes => TestBoxes.All();

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Open_space_with_ghosts_has_the_neighbors_of_the_periodic_box(string name, int seed)
    {
        Box box = TestBoxes.Named(name);
        Vec3[] atoms = TestBoxes.RandomAtoms(box, seed);
        using var shell = new GhostShell();
        Build(shell, atoms, box, Range);

        for (int i = 0; i < atoms.Length; i++)
        {
            var expected = ReferenceNeighbors.Within(atoms, box, i, Range).Select(n => (n.Index, Round(n.Vector))).Order();
            var actual = ReferenceNeighbors.Within(shell.View, i, Range).Select(n => (Owner(shell, n.Index), Round(n.Vector))).Order();
            Assert.True(expected.SequenceEqual(actual), $"atom {i}, box {name}, seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Atoms_are_wrapped_by_lattice_vectors_into_the_periodic_directions(string name, int seed)
    {
        Box box = TestBoxes.Named(name);
        Vec3[] atoms = TestBoxes.RandomAtoms(box, seed);
        using var shell = new GhostShell();
        Build(shell, atoms, box, Range);

        for (int i = 0; i < shell.View.Count; i++)
        {
            Vec3 before = atoms[Owner(shell, i)], after = At(shell, i);
            Vec3 moved = box.ToFractional(after) - box.ToFractional(before), inside = box.ToFractional(after);
            for (int axis = 0; axis < 3; axis++)
            {
                Assert.Equal(Math.Round(moved[axis]), moved[axis], 1e-10);
                if (!box.IsPeriodic(axis))
                    Assert.Equal(0, moved[axis], 1e-12);
                else if (i < atoms.Length)
                    Assert.InRange(inside[axis], -1e-12, 1 + 1e-12);
            }
        }
    }

    [Fact]
    public void An_open_box_has_no_ghosts_and_leaves_positions_bit_for_bit()
    {
        Vec3[] atoms = TestBoxes.RandomAtoms(TestBoxes.Named("open"), 7);
        using var shell = new GhostShell();
        Build(shell, atoms, TestBoxes.Named("open"), Range);
        Assert.Equal(0, shell.GhostCount);
        Assert.Equal(TestBoxes.Flat(atoms), shell.Positions.Span.ToArray());
    }

    [Fact]
    public void A_shell_can_be_empty_and_reused()
    {
        using var shell = new GhostShell();
        Build(shell, [], TestBoxes.Named("cube"), Range);
        Assert.Equal(0, shell.View.Count);
        Build(shell, [new(1, 1, 1)], TestBoxes.Named("cube"), 1);
        Assert.Equal(7, shell.GhostCount);
        Build(shell, [], TestBoxes.Named("cube"), Range);
        Assert.Equal(0, shell.View.Count);
    }

    [Fact]
    public void Coordinates_that_are_not_finite_end()
    {
        using var shell = new GhostShell();
        Build(shell, [new(double.NaN, 1, 1), new(1, double.PositiveInfinity, 1), new(1, 1, 1e300)], TestBoxes.Named("triclinic"), Range);
        Assert.Equal(3, shell.LocalCount);
    }

    [Fact]
    public void A_range_that_needs_too_many_images_says_so()
    {
        using var shell = new GhostShell();
        var error = Assert.Throws<InputException>(() => Build(shell, [default, default], TestBoxes.Named("cube"), 1e7));
        Assert.Contains("1E+07", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_flat_periodic_box_says_so()
    {
        var flat = new Box(new(10, 0, 0), new(0, 10, 0), new(1, 1, 0), default, true, true, true);
        using var shell = new GhostShell();
        Assert.Throws<InputException>(() => Build(shell, [default], flat, 1));
    }

    [Fact]
    public void Later_frames_allocate_nothing()
    {
        Box box = TestBoxes.Named("triclinic");
        double[] positions = TestBoxes.Flat(TestBoxes.RandomAtoms(box, 3));
        using var shell = new GhostShell();
        fixed (double* r = positions)
        {
            double* atoms = r;
            shell.Build(atoms, positions.Length / 3, box, Range);
            long native = shell.MemoryBytes;
            Assert.Equal(0, Allocations.AfterTheFirst(() => shell.Build(atoms, positions.Length / 3, box, Range)));
            Assert.Equal(native, shell.MemoryBytes);
        }
    }

    private static void Build(GhostShell shell, Vec3[] atoms, Box box, double range)
    {
        fixed (double* r = TestBoxes.Flat(atoms))
            shell.Build(r, atoms.Length, box, range);
    }

    private static int Owner(GhostShell shell, int i) => i < shell.LocalCount ? i : shell.Owners[i - shell.LocalCount];

    private static Vec3 At(GhostShell shell, int i) => new(shell.Positions[3 * i], shell.Positions[3 * i + 1], shell.Positions[3 * i + 2]);

    // Wrapping moves a vector by rounding: to 1e-6 Å the two sides agree, and random vectors do not lie on a rounding edge.
    private static (double, double, double) Round(Vec3 v) => (Math.Round(v.X, 6), Math.Round(v.Y, 6), Math.Round(v.Z, 6));
}
