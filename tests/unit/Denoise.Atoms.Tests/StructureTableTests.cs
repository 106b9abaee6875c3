namespace Denoise.Atoms.Tests;

public sealed class StructureTableTests
{
    [Theory]
    [InlineData("fcc", 1)]
    [InlineData("Diamond", 6)]
    [InlineData("hex-diamond", 7)]
    [InlineData("hexdiamond", 7)]
    [InlineData("cubic_diamond", 6)]
    [InlineData("none", 0)]
    [InlineData("dhcp", 101)]
    [InlineData("L1_2", 118)]
    [InlineData("my-phase", null)]
    public void Names_in_any_spelling_have_one_number(string name, int? number) => Assert.Equal(number, StructureTable.NumberOf(name));

    [Fact]
    public void Structures_of_a_model_do_not_depend_on_the_order_of_its_classes()
    {
        string[] classes = ["zeolite", "none", "dhcp", "fcc", "hexdiamond", "cage", "lonsdaleite", "graphite"];
        NamedStructure[] expected =
        [
            new("other", 0), new("fcc", 1), new("hexdiamond", 7), new("dhcp", 101), new("graphite", 109), new("cage", 1001),
            new("zeolite", 1002), new("lonsdaleite", 1003),
        ];
        var random = new Random(1);
        for (int k = 0; k < 10; k++)
        {
            Assert.Equal(expected, StructureTable.OfClasses(classes));
            int[] numbers = StructureTable.NumbersOf(classes);
            Assert.Equal(classes.Select(name => expected.FirstOrDefault(structure => structure.Name == name)?.Number ?? 0), numbers);
            random.Shuffle(classes);
        }
    }

    [Fact]
    public void Numbers_are_those_of_ovito_or_far_from_them()
    {
        Assert.All(StructureTable.OfCommonNeighbors, structure => Assert.Equal(structure.Number, StructureTable.NumberOf(structure.Name)));
        Assert.True(Enum.GetValues<StructureType>().Max(type => (int)type) < StructureTable.FirstOwn);
    }
}
