using Denoise.Atoms;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Structures;

public class SilicaPrototypesTests
{
    private const double AngstromCubedPerCubicCentimeter = 1e24, Avogadro = 6.02214076e23, MassOfSilica = 28.0855 + 2 * 15.9994;

    // Bonds end and next neighbors (O-O 2.5 Å, Si-Si 3 Å) begin.
    private const double BondCutoff = 2;

    // Of beta-quartz: Si-O = sqrt(a^2 (3 x^2 - 3 x/2 + 1/4) + c^2/36), Si-Si = sqrt(a^2/4 + c^2/9).
    private static readonly double HighQuartzBond =
        Math.Sqrt(4.9965 * 4.9965 * (3 * 0.2076 * 0.2076 - 1.5 * 0.2076 + 0.25) + 5.4570 * 5.4570 / 36);

    private static readonly double HighQuartzBridge =
        2 * Math.Asin(Math.Sqrt(4.9965 * 4.9965 / 4 + 5.4570 * 5.4570 / 9) / 2 / HighQuartzBond) * 180 / Math.PI;

    /// <summary>
    /// Formula units of the cell; density in g/cm^3, mean Si-O distance in Å, Si-O-Si angle in degrees: of the alphas as their
    /// publications state them, of the betas closed forms of the parameters.
    /// </summary>
    public static TheoryData<string, int, double, double, double> Published => new()
    {
        { "alpha-quartz", 3, 2.646, 1.609, 143.7 },
        { "beta-quartz", 3, 2.537, HighQuartzBond, HighQuartzBridge },
        { "alpha-cristobalite", 4, 2.332, 1.603, 146.5 },
        { "beta-cristobalite", 8, 2.211, 7.12 * Math.Sqrt(3) / 8, 180 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Silica_is_a_network_of_tetrahedra(string name, int units, double density, double bond, double bridge)
    {
        Prototype prototype = PrototypeLibrary.Get(name);
        var cell = IdealStructure.Of(prototype, ["O", "Si"], atoms: 1);
        Assert.Equal(3 * units, cell.Count);
        Assert.Equal(units, cell.Species.Count(species => species == 1));
        Assert.Equal(density, units * MassOfSilica / Avogadro * AngstromCubedPerCubicCentimeter / cell.Box.Volume, 0.001);

        List<double> bonds = [], insideTetrahedra = [], bridges = [];
        for (int i = 0; i < cell.Count; i++)
        {
            List<Vec3> edges = [.. Neighbors(cell, i).Select(neighbor => neighbor.Edge)];
            bool isSilicon = cell.Species[i] == 1;
            Assert.Equal(isSilicon ? 4 : 2, edges.Count);
            Assert.All(Neighbors(cell, i), neighbor => Assert.NotEqual(cell.Species[i], cell.Species[neighbor.Atom]));
            bonds.AddRange(edges.Select(edge => edge.Length));
            (isSilicon ? insideTetrahedra : bridges).AddRange(
                from a in Enumerable.Range(0, edges.Count)
                from b in Enumerable.Range(0, a)
                select Angle(edges[a], edges[b]));
        }

        Assert.Equal(bond, bonds.Average(), 0.001);
        Assert.InRange(bonds.Max() - bonds.Min(), 0, 0.01);
        Assert.Equal(bridge, bridges.Average(), 0.1);
        Assert.InRange(bridges.Max() - bridges.Min(), 0, 1e-4);
        Assert.All(insideTetrahedra, angle => Assert.Equal(109.47, angle, 2.5));
    }

    [Fact]
    public void Compounds_keep_their_density_and_take_the_species_of_the_elements_given()
    {
        var structure = IdealStructure.Of(PrototypeLibrary.Get("alpha-quartz"), ["O", "Al", "Si"], atoms: 200);
        Assert.InRange(structure.Count, 200, 300);
        Assert.Equal([0, 2], structure.Species.Distinct());
        Assert.Equal(113.13 / 9, structure.Box.Volume / structure.Count, 1e-3);
        structure.Measure(3);
        Assert.Equal(1.605, structure.ShortestDistance, 1e-3);
    }

    [Fact]
    public void The_hands_of_quartz_agree()
    {
        // P3_2 21 is a subgroup of P6_2 22: the displacive transition moves no atom by more than half an Å, and keeps the hand.
        var alpha = IdealStructure.Of(PrototypeLibrary.Get("alpha-quartz"), ["Si", "O"], atoms: 1);
        var beta = IdealStructure.Of(PrototypeLibrary.Get("beta-quartz"), ["Si", "O"], atoms: 1);
        for (int i = 0; i < beta.Count; i++)
        {
            Vec3 ideal = beta.Box.ToFractional(beta.Positions[i]);
            double nearest = Enumerable.Range(0, alpha.Count).Where(j => alpha.Species[j] == beta.Species[i])
                .Min(j => Shortest(beta.Box, alpha.Box.ToFractional(alpha.Positions[j]) - ideal).Length);
            Assert.InRange(nearest, 0, 0.5);
        }
    }

    private static IEnumerable<(int Atom, Vec3 Edge)> Neighbors(IdealStructure cell, int i) =>
        from j in Enumerable.Range(0, cell.Count)
        where j != i
        from a in Enumerable.Range(-2, 5)
        from b in Enumerable.Range(-2, 5)
        from c in Enumerable.Range(-2, 5)
        let edge = cell.Positions[j] + cell.Box.A * a + cell.Box.B * b + cell.Box.C * c - cell.Positions[i]
        where edge.Length < BondCutoff
        select (j, edge);

    private static Vec3 Shortest(Box box, Vec3 f) =>
        box.ToCartesian(new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z)));

    private static double Angle(Vec3 a, Vec3 b) => Math.Acos(Math.Clamp(Vec3.Dot(a, b) / (a.Length * b.Length), -1, 1)) * 180 / Math.PI;
}
