using Denoise.Atoms;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Structures;

public sealed class CompoundPrototypesTests
{
    /// <summary>
    /// Atoms of each role in the cell, and neighbors of the other roles of an atom of the first, within a distance in lattice parameters:
    /// from geometry.
    /// </summary>
    public static TheoryData<string, int[], double, int> Cells => new()
    {
        { "B1", [4, 4], 0.51, 6 },
        { "B2", [1, 1], 0.88, 8 },
        { "B3", [4, 4], 0.44, 4 },
        { "B4", [2, 2], 0.63, 4 },
        { "L1_2", [1, 3], 0.71, 12 },
        { "L1_0", [2, 2], 0.71, 8 },
        { "D0_3", [4, 12], 0.44, 8 },
        { "L2_1", [4, 4, 8], 0.44, 8 },
        { "D0_19", [2, 6], 0.51, 12 },
        { "NiAs", [2, 2], 0.69, 6 },
        { "fluorite", [4, 8], 0.44, 8 },
        { "rutile", [2, 4], 0.44, 6 },
        { "perovskite", [1, 1, 3], 0.71, 12 },
        { "Cr3Si", [2, 6], 0.57, 12 },
        { "C14", [4, 8], 0.6, 12 },
        { "C15", [8, 16], 0.42, 12 },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void They_have_their_sublattices_and_shells(string name, int[] atoms, double cutoff, int unlike)
    {
        Prototype prototype = PrototypeLibrary.Get(name);
        Assert.Equal(atoms, prototype.Roles.GroupBy(role => role).OrderBy(group => group.Key).Select(group => group.Count()));
        (Vec3 a, Vec3 b, Vec3 c) = prototype.Cell;
        double volume = new Box(a, b, c, default, true, true, true).Volume;
        var structure = IdealStructure.Of(prototype, volume / prototype.Sites.Count, atoms: 60, byRole: true);
        Assert.Equal(atoms.Length, structure.SpeciesCount);
        using var cell = new TrainingCell();
        using var finder = new EdgeFinder();
        var random = new RandomStream(1, 0, 0);
        SampleGenerator.Draw(structure, 0, ref random, cell);
        finder.Find(cell, cutoff);
        for (int i = 0; i < cell.Count; i++)
            if (cell.Species[i] == 0)
                Assert.Equal(unlike, Enumerable.Range(cell.Starts[i], cell.Starts[i + 1] - cell.Starts[i])
                    .Count(e => cell.Species[cell.Neighbors[e]] != 0));
    }

    [Fact]
    public void By_geometry_alone_all_atoms_are_alike() =>
        Assert.Equal(1, IdealStructure.Of(PrototypeLibrary.Get("L1_2"), volumePerAtom: 10, atoms: 60).SpeciesCount);
}
