using Denoise.Atoms;
using Denoise.TestSupport;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Structures;

public class PrototypeLibraryTests
{
    /// <summary>Coordination number, and shortest distance at 1 Å^3 per atom, from geometry.</summary>
    public static TheoryData<string, int, double> Coordination => new()
    {
        { "fcc", 12, Math.Pow(2, 1.0 / 6) },
        { "bcc", 8, Math.Sqrt(3) / Math.Pow(2, 2.0 / 3) },
        { "hcp", 12, Math.Pow(2, 1.0 / 6) },
        { "dhcp", 12, Math.Pow(2, 1.0 / 6) },
        { "sc", 6, 1 },
        { "sh", 8, Math.Cbrt(2 / Math.Sqrt(3)) },
        { "diamond", 4, Math.Sqrt(3) / 4 * 2 },
        { "hexdiamond", 4, Math.Sqrt(3) / 4 * 2 },
    };

    [Theory]
    [MemberData(nameof(Coordination))]
    public void Prototypes_have_their_coordination(string name, int neighbors, double distance)
    {
        var structure = IdealStructure.Of(PrototypeLibrary.Get(name), volumePerAtom: 1, atoms: 50);
        Assert.True(structure.Count >= 50);
        Assert.Equal(1, structure.Box.Volume / structure.Count, Tolerance.ClosedForm);
        structure.Measure(1.01 * distance);
        // Edges carry single precision.
        Assert.Equal(distance, structure.ShortestDistance, Tolerance.Single);
        Assert.Equal(neighbors, structure.MeanNeighbors);
    }

    [Theory]
    [InlineData(0.58, (2 * 12 + 6 * (2 + 4)) / 8.0)]
    [InlineData(0.63, (2 * 12 + 6 * (2 + 4 + 8)) / 8.0)]
    public void A15_has_icosahedra_and_larger_shells(double cutoff, double neighbors)
    {
        // Around 2a: 12 at a sqrt(5)/4; around 6c: 2 at a/2, 4 at a sqrt(5)/4, 8 at a sqrt(6)/4.
        var structure = IdealStructure.Of(PrototypeLibrary.Get("A15"), volumePerAtom: 1.0 / 8, atoms: 60);
        structure.Measure(cutoff);
        Assert.Equal(0.5, structure.ShortestDistance, Tolerance.Single);
        Assert.Equal(neighbors, structure.MeanNeighbors);
    }

    /// <summary>Atoms of the cell, and neighbors within a distance in lattice parameters, from the geometry that the literature gives.</summary>
    public static TheoryData<string, int, double, double> Shells => new()
    {
        // 4 at sqrt(1/4 + (c/4)^2) = 0.518, 2 at c = 0.546.
        { "beta-sn", 4, 0.53, 4 },
        { "beta-sn", 4, 0.56, 6 },
        // 4 at a; 8 at sqrt(1/2 + (c/2)^2) = 1.04.
        { "bct-in", 2, 1.02, 4 },
        { "bct-in", 2, 1.06, 12 },
        // 8 at sqrt(1/2 + (c/2)^2) = 0.819, 2 at c = 0.824.
        { "bct-pa", 2, 0.822, 8 },
        { "bct-pa", 2, 0.83, 10 },
        // 2 at sqrt((2 y b)^2 + (c/2)^2) = 0.964, 2 at a, 4 at 1.147, 4 at 1.18.
        { "alpha-u", 4, 0.98, 2 },
        { "alpha-u", 4, 1.01, 4 },
        { "alpha-u", 4, 1.19, 12 },
        { "graphite", 4, 0.6, 3 },
        { "graphite", 4, 1.01, 9 },
        { "alpha-sm", 9, 1.02, 12 },
        // 3 in the layer's zigzag at 0.670, 3 at 0.830.
        { "arsenic", 6, 0.75, 3 },
        { "arsenic", 6, 0.85, 6 },
        // Frank-Kasper-like shells of 12 (8c) and 14 (12d).
        { "beta-mn", 20, 0.53, (8 * 12 + 12 * 14) / 20.0 },
        // 16 (2a), 16 (8c), 13 and 12 (24g).
        { "alpha-mn", 58, 0.33, (2 * 16 + 8 * 16 + 24 * 13 + 24 * 12) / 58.0 },
    };

    [Theory]
    [MemberData(nameof(Shells))]
    public void Elements_with_free_parameters_have_their_shells(string name, int atoms, double cutoff, double neighbors)
    {
        Prototype prototype = PrototypeLibrary.Get(name);
        Assert.Equal(atoms, prototype.Sites.Count);
        (Vec3 a, Vec3 b, Vec3 c) = prototype.Cell;
        double volume = new Box(a, b, c, default, true, true, true).Volume;
        var structure = IdealStructure.Of(prototype, volume / atoms, atoms: 1);
        structure.Measure(cutoff);
        Assert.Equal(neighbors, structure.MeanNeighbors);
    }

    [Fact]
    public void Omega_has_honeycomb_layers()
    {
        // Honeycomb distance a/sqrt(3) = 0.577 a; to the layer above sqrt(1/3 + c^2/4) a = 0.654 a.
        double a = Math.Cbrt(3 / (Math.Sqrt(0.75) * Math.Sqrt(0.375)));
        var structure = IdealStructure.Of(PrototypeLibrary.Get("omega"), volumePerAtom: 1, atoms: 60);
        structure.Measure(a * 0.62);
        Assert.Equal(a / Math.Sqrt(3), structure.ShortestDistance, Tolerance.Single);
    }

    [Fact]
    public void Every_name_is_unique_and_every_element_is_spaced()
    {
        Assert.Equal(PrototypeLibrary.All.Count, PrototypeLibrary.All.Select(prototype => prototype.Name).Distinct().Count());
        foreach (Prototype prototype in PrototypeLibrary.All.Where(prototype => prototype.Elements.Count == 0))
        {
            var structure = IdealStructure.Of(prototype, volumePerAtom: 10, atoms: 1);
            structure.Measure(4);
            // Graphite has the shortest bonds for its density.
            Assert.True(structure.ShortestDistance > 1.4, prototype.Name);
        }
    }

    [Fact]
    public void An_unknown_name_lists_the_known()
    {
        string message = Assert.Throws<InputException>(() => PrototypeLibrary.Get("fc")).Message;
        Assert.All(PrototypeLibrary.All, prototype => Assert.Contains(prototype.Name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_structure_without_neighbors_is_refused()
    {
        var structure = IdealStructure.Of(PrototypeLibrary.Get("fcc"), volumePerAtom: 40, atoms: 30);
        Assert.Contains("--cutoff", Assert.Throws<InputException>(() => structure.Measure(3.2)).Message, StringComparison.Ordinal);
    }
}
