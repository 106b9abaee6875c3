using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Networks.Models;

namespace Denoise.Cli.Tests;

public sealed class SpeciesAssignmentTests
{
    [Fact]
    public void One_species_takes_any_element_or_none()
    {
        Assert.Empty(Species(Model(1), [], Frame([1, 2, 3], "Cu", null, "Zr")));
        Assert.Empty(Species(null, [], Frame([1, 7])));
    }

    [Fact]
    public void The_model_s_own_symbols_are_matched()
    {
        NequipModel model = Model(2, "Si", "O");
        Assert.Equal([0, 1], Species(model, [], Frame([1, 2, 2], "Si", "O")));
        Assert.Equal([1, 0], Species(model, [], Frame([1, 2], "O2-", "Si")));
    }

    [Fact]
    public void Unnamed_species_go_by_atomic_number()
    {
        NequipModel model = Model(2);
        Assert.Equal([1, 0], Species(model, [], Frame([1, 2], "Si", "O")));
        Assert.Equal([1, 0], Species(model, ["Si", "O"], Frame([1, 2])));
    }

    [Fact]
    public void Given_elements_go_before_those_of_the_file() =>
        Assert.Equal([1, 0], Species(Model(2, "Si", "O"), ["O", "Si"], Frame([1, 2], "Si", "O")));

    [Fact]
    public void Types_called_NULL_are_not_seen()
    {
        SpeciesAssignment species = new(Model(1), ["Cu", "NULL"]);
        Assert.Equal([0, -1], Species(species, Frame([1, 2])));
        Assert.Equal([-1, 0], Species(new SpeciesAssignment(Model(1), ["NULL"]), Frame([1, 1])));
    }

    [Fact]
    public void Type_numbers_may_mean_other_elements_in_the_next_frame()
    {
        SpeciesAssignment species = new(Model(2, "Si", "O"), []);
        Assert.Equal([0, 1], Species(species, Frame([1, 2], "Si", "O")));
        Assert.Equal([1, 0], Species(species, Frame([1, 2], "O", "Si")));
    }

    [Fact]
    public void A_table_stays_as_long_as_it_is_right()
    {
        SpeciesAssignment species = new(Model(2, "Si", "O"), []);
        int[] first = Species(species, Frame([3, 1], "Si", "O", "O"));
        Assert.Equal([0, 0, 1], first);
        Assert.Same(first, Species(species, Frame([1, 1], "Si")));
        int[] second = Species(species, Frame([2, 1], "Si", "O"));
        Assert.Equal([0, 1, 1], second);
        Assert.Same(second, Species(species, Frame([3, 1], "Si", "O", "O")));
    }

    [Theory]
    [InlineData("", "", "type 1")]
    [InlineData("", "Cu O", "atoms of type 1 are Cu")]
    [InlineData("", "melt O", "('melt' is none)")]
    [InlineData("Si", "Si O", "atoms of type 2")]
    public void What_does_not_fit_is_named(string given, string inFile, string expected)
    {
        SpeciesAssignment species = new(Model(2, "Si", "O"), Words(given));
        string failure = Assert.Throws<InputException>(() => Species(species, Frame([1, 2], Words(inFile)))).Message;
        Assert.Contains(expected, failure);
        Assert.Contains("--elements", failure);
    }

    [Fact]
    public void A_wrong_number_of_elements_for_unnamed_species_is_named() =>
        Assert.Contains("3 symbols", Assert.Throws<InputException>(() => new SpeciesAssignment(Model(3), ["Si", "O"])).Message);

    [Fact]
    public void Roles_are_kinds_of_atoms_in_the_order_of_their_types()
    {
        NequipModel model = WithRoles(3);
        Assert.Equal([0, 1, 2], Species(model, [], Frame([1, 2, 3])));
        Assert.Equal([0, 1, 0], Species(model, [], Frame([1, 2, 3], "Ni", "Al", "Ni")));
        Assert.Equal([0, -1, 1], Species(model, ["Na", "NULL", "Cl"], Frame([1, 2, 3])));
        string failure = Assert.Throws<InputException>(() => Species(WithRoles(2), [], Frame([1, 3], "Ni", "Al", "Ti"))).Message;
        Assert.Contains("Ni, Al, Ti", failure);
        Assert.Contains("--elements", failure);
    }

    private static NequipModel WithRoles(int count) =>
        NequipModel.CreateRandom(Model(count).Config with { SpeciesAreRoles = true }, seed: 1);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int[] Species(NequipModel? model, string[] given, Frame frame) => Species(new SpeciesAssignment(model, given), frame);

    private static int[] Species(SpeciesAssignment species, Frame frame)
    {
        using (frame)
            return species.Assign(frame, "test.dump");
    }

    private static Frame Frame(int[] types, params string?[] elements)
    {
        Frame frame = new();
        frame.Resize(types.Length);
        types.CopyTo(frame.Types.Span);
        frame.NumberAtoms();
        for (int t = 0; t < elements.Length; t++)
            frame.SetElement(t + 1, elements[t]);
        return frame;
    }

    private static NequipModel Model(int speciesCount, params string[] symbols) => NequipModel.CreateRandom(
        new NequipConfig
        {
            Hidden = "2x0e+2x1o",
            Edge = "1x0e+1x1o",
            Output = "1x1o",
            NodeEmbedding = "2x0e",
            AttributeEmbedding = "2x0e",
            SpeciesCount = speciesCount,
            LayerCount = 1,
            Cutoff = 3,
            NeighborCount = 12,
            Radial = [4, 8],
            Species = symbols,
        },
        seed: 1);
}
