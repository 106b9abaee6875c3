using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Structures;

public sealed class CloseStacksTests
{
    [Theory]
    [InlineData("ABCABC", "fcc fcc fcc fcc fcc fcc")]
    [InlineData("ABABAB", "hcp hcp hcp hcp hcp hcp")]
    [InlineData("ABACABAC", "dhcp dhcp dhcp dhcp dhcp dhcp dhcp dhcp")]
    [InlineData("ABABCBCAC", "alpha-sm alpha-sm alpha-sm alpha-sm alpha-sm alpha-sm alpha-sm alpha-sm alpha-sm")]
    // Two twin planes: one layer each.
    [InlineData("ABCABCBACB", "hcp fcc fcc fcc fcc hcp fcc fcc fcc fcc")]
    // An intrinsic fault is two layers of hcp.
    [InlineData("ABCABCBCABC", "fcc fcc fcc fcc fcc hcp hcp fcc fcc fcc fcc")]
    public void Layers_are_named_by_what_is_around_them(string layers, string names) =>
        Assert.Equal(names.Split(' '), CloseStacks.Create("stack", layers).SiteClasses);

    [Fact]
    public void Random_stacks_are_close_packed_and_the_same_for_the_same_seed()
    {
        IReadOnlyList<Prototype> stacks = CloseStacks.Create(5, seed: 3);
        Assert.Equal(stacks.Select(stack => stack.Description), CloseStacks.Create(5, seed: 3).Select(stack => stack.Description));
        foreach (Prototype stack in stacks)
        {
            var structure = IdealStructure.Of(stack, volumePerAtom: 1 / Math.Sqrt(2), atoms: 50);
            structure.Measure(1.05);
            Assert.Equal(12, structure.MeanNeighbors);
            Assert.Equal(1, structure.ShortestDistance, 1e-6);
        }
    }
}
