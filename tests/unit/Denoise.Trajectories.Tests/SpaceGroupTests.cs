using Denoise.Atoms;
using Denoise.Atoms.Symmetry;
using Denoise.Trajectories.Cif;

namespace Denoise.Trajectories.Tests;

/// <summary>The 530 settings of the 230 space groups from their Hall symbols.</summary>
public class SpaceGroupTests
{
    private static readonly IReadOnlyList<SpaceGroup> All =
        [.. Enumerable.Range(1, 230).SelectMany(number => SpaceGroup.Numbered($"{number}"))];

    [Fact]
    public void Every_setting_makes_a_group_of_the_order_of_its_point_group_and_lattice()
    {
        Assert.Equal(530, All.Count);
        foreach (SpaceGroup group in All)
        {
            int lattice = group.Name[0] switch
            {
                'P' => 1,
                'R' => group.Choice == "R" ? 1 : 3,
                'F' => 4,
                _ => 2,
            };
            Assert.True(group.Operations.Count == lattice * PointGroupOrder(group.Number),
                $"{group.Number} {group.Choice} {group.Name}: {group.Operations.Count}");
        }
    }

    [Fact]
    public void Groups_are_closed_and_their_operations_differ()
    {
        foreach (SpaceGroup group in All)
        {
            IReadOnlyList<SymmetryOperation> operations = group.Operations;
            for (int a = 0; a < operations.Count; a++)
                for (int b = 0; b < a; b++)
                    Assert.False(operations[a].IsSame(operations[b]));
            Random random = new(group.Number);
            for (int trial = 0; trial < 50; trial++)
            {
                SymmetryOperation product = operations[random.Next(operations.Count)] * operations[random.Next(operations.Count)];
                Assert.Contains(operations, product.IsSame);
            }
        }
    }

    // Wyckoff letters' multiplicities of sites in International Tables A.
    [Theory]
    [InlineData("F m -3 m", 0, 0, 0, 4)]
    [InlineData("F m -3 m", 0.25, 0.25, 0.25, 8)]
    [InlineData("F m -3 m", 0.11, 0.23, 0.31, 192)]
    [InlineData("F d -3 m :1", 0, 0, 0, 8)]
    [InlineData("F d -3 m :2", 0, 0, 0, 16)]
    [InlineData("Fd-3m:2", 0.125, 0.125, 0.125, 8)]
    [InlineData("F d -3 m Z", 0.125, 0.125, 0.125, 8)]
    [InlineData("F d -3 m S", 0.125, 0.125, 0.125, 16)]
    [InlineData("I m -3 m", 0, 0, 0, 2)]
    [InlineData("Im3m", 0, 0, 0, 2)]
    [InlineData("P 63/m m c", 0.33333, 0.66667, 0.25, 2)]
    [InlineData("P6_3/mmc", 0, 0, 0, 2)]
    [InlineData("P 63 / m m c", 0.11, 0.23, 0.31, 24)]
    [InlineData("R -3 m H", 0, 0, 0, 3)]
    [InlineData("R -3 m :R", 0, 0, 0, 1)]
    [InlineData("H 3 2", 0, 0, 0, 3)]
    [InlineData("P 1 21/c 1", 0.1, 0.2, 0.3, 4)]
    [InlineData("P 21/n", 0, 0, 0, 2)]
    [InlineData("C 1 2/c 1", 0, 0.1, 0.25, 4)]
    [InlineData("P n m a", 0.1, 0.25, 0.3, 4)]
    [InlineData("P b n m", 0.1, 0.2, 0.25, 4)]
    [InlineData("I 41/a m d :2", 0, 0.75, 0.125, 4)]
    [InlineData("C m c e", 0.1, 0.2, 0.3, 16)]
    [InlineData("C m c a", 0.1, 0.2, 0.3, 16)]
    [InlineData("P 32 2 1", 0.47, 0, 0.66667, 3)]
    [InlineData("P 62 2 2", 0.5, 0.5, 0.33333, 3)]
    [InlineData("P 41 21 2", 0.3, 0.3, 0, 4)]
    [InlineData("P a -3", 0, 0, 0, 4)]
    [InlineData("I -4 3 d", 0.1, 0.2, 0.3, 48)]
    [InlineData("F 4/m -3 2/m", 0, 0, 0, 4)]
    public void Symbols_and_multiplicities(string symbol, double x, double y, double z, int multiplicity)
    {
        SpaceGroup group = SpaceGroup.Named(symbol)[0];
        Box cell = Box.Orthogonal(100, 100, 100);
        UnitCell filled = new(cell, [new CifSite("A", "Cu", new(x, y, z), multiplicity, false)], group.Operations, "a.cif");
        Assert.Equal(multiplicity, filled.Count);
        Assert.Null(filled.WrongMultiplicity());
    }

    [Theory]
    [InlineData("-F 4 2 3", 192)]
    [InlineData("-f 4 2 3", 192)]
    [InlineData(" -P_2yc ", 4)]
    [InlineData("P 31 2c (0 0 1)", 6)]
    [InlineData("-P 6c 2c", 24)]
    [InlineData("R 3 -2\"", 18)]
    public void Hall_symbols(string symbol, int order) => Assert.Equal(order, HallSymbol.Operations(symbol)?.Count);

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("Q 2")]
    [InlineData("P 5")]
    [InlineData("P 2k")]
    [InlineData("P 25")]
    [InlineData("- 2")]
    [InlineData("P -")]
    [InlineData("P 4'")]
    [InlineData("P 2 (0 0)")]
    [InlineData("P 2 (0 0 99999999999)")]
    [InlineData("P 2 2 2 2 2 2")]
    [InlineData("P 4x 3z 6y 4bdu")]
    public void What_is_no_Hall_symbol(string symbol) => Assert.Null(HallSymbol.Operations(symbol));

    [Fact]
    public void The_cell_tells_the_axes()
    {
        Box hexagonal = CifCell.ToBox(4, 4, 9, 90, 90, 120)!, rhombohedral = CifCell.ToBox(4, 4, 4, 70, 70, 70)!;
        Assert.Equal("H", Assert.Single(SpaceGroup.Named("R -3 m"), group => group.Fits(hexagonal)).Choice);
        Assert.Equal("R", Assert.Single(SpaceGroup.Named("R -3 m"), group => group.Fits(rhombohedral)).Choice);
        Box uniqueC = CifCell.ToBox(4, 5, 6, 90, 90, 100)!;
        Assert.Equal("c", Assert.Single(SpaceGroup.Named("P 21"), group => group.Fits(uniqueC)).Choice);
        Assert.DoesNotContain(SpaceGroup.Named("F m -3 m"), group => group.Fits(hexagonal));
    }

    private static int PointGroupOrder(int number) => number switch
    {
        1 => 1,
        2 or <= 9 => 2,
        <= 15 => 4,
        <= 46 => 4,
        <= 74 => 8,
        <= 82 => 4,
        <= 122 => 8,
        <= 142 => 16,
        <= 146 => 3,
        <= 161 => 6,
        <= 167 => 12,
        <= 174 => 6,
        <= 190 => 12,
        <= 194 => 24,
        <= 199 => 12,
        <= 220 => 24,
        _ => 48,
    };
}
