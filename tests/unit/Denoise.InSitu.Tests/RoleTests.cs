using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>Networks whose species are roles: kinds of atoms, whatever their elements.</summary>
public sealed class RoleTests
{
    private static readonly TestCrystal Crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 4).Rattled(0.1, 9);

    private static readonly NequipModel Network = NequipModel.CreateRandom(
        Metals.Model.Config with { SpeciesCount = 3, SpeciesAreRoles = true, AttributeEmbedding = "4x0e", Species = [] }, 3);

    [Fact]
    public void Types_are_roles_in_their_order_and_elements_in_theirs()
    {
        double[] byType = Displaced(new(), i => 1 + i % 3), other = Displaced(new(), i => 1 + i % 2);
        Assert.NotEqual(byType, other);
        Assert.Equal(byType, Displaced(new() { Species = [0, 1, 2] }, i => 1 + i % 3));
        Assert.Equal(byType, Displaced(new() { Elements = ["Fe", "Al", "Mn"] }, i => 1 + i % 3));
        // Two types of one element are one role, and a type of no atoms may be any.
        Assert.Equal(other, Displaced(new() { Elements = ["Fe", "Al", "Fe", "Al"] }, i => 1 + i % 4));
        Assert.Equal(other, Displaced(new() { Elements = ["Ni", "Al", "NULL"] }, i => 1 + i % 2));
    }

    [Theory]
    [InlineData("Fe Al Mn Cu", "4 kinds of atoms (Fe, Al, Mn, Cu)")]
    [InlineData("Fe Xx", "'Xx' is no chemical element")]
    public void Too_many_kinds_and_no_elements_are_refused(string elements, string expected) =>
        Assert.Contains(expected, Assert.Throws<SessionException>(() => Displaced(new() { Elements = elements.Split(' ') }, _ => 1)).Message);

    [Fact]
    public void More_types_than_roles_want_elements() => Assert.Contains("types 1 to 3 only",
        Assert.Throws<SessionException>(() => Displaced(new(), i => 1 + i % 4)).Message, StringComparison.Ordinal);

    private static double[] Displaced(SessionOptions options, Func<int, int> type)
    {
        using Session session = new(options with { Model = Network, MaxIterations = 1 });
        return [.. session.Process(new()
        {
            LocalCount = Crystal.Count,
            Positions = Crystal.Positions,
            Types = [.. Enumerable.Range(0, Crystal.Count).Select(type)],
            Box = Crystal.Box,
        }).Positions];
    }
}
