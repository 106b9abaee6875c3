using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Tests.Equivariance;

public class IrrepsTests
{
    [Theory]
    [InlineData("8x0e+8x1o+4x2e", "8x0e+8x1o+4x2e", 52)]
    [InlineData(" 8x0e + 8x0e +1x1e", "8x0e+8x0e+1x1e", 19)]
    [InlineData("0e + 6o", "1x0e+1x6o", 14)]
    [InlineData("", "", 0)]
    public void Parse_keeps_blocks_as_written(string text, string formatted, int dimension)
    {
        Irreps irreps = Irreps.Parse(text);
        Assert.Equal(formatted, irreps.ToString());
        Assert.Equal(dimension, irreps.Dimension);
        Assert.Equal(irreps, Irreps.Parse(formatted));
        int offset = 0;
        foreach (IrrepBlock block in irreps)
        {
            Assert.Equal(offset, block.Offset);
            offset = block.End;
        }

        Assert.Equal(dimension, offset);
    }

    [Theory]
    [InlineData("8x", "in '8x'")]
    [InlineData("8x0e+", "irrep")]
    [InlineData("x0e", "8x0e")]
    [InlineData("-1x0e", "8x0e")]
    [InlineData("8x1y", "irrep")]
    [InlineData("8x7o", "degree 7")]
    [InlineData("8x0e+8x1x2e", "8x0e")]
    [InlineData("99999999999x0e", "8x0e")]
    public void Parse_explains_what_is_wrong(string text, string inMessage) =>
        Assert.Contains(inMessage, Assert.Throws<InputException>(() => Irreps.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Equality_is_by_blocks()
    {
        Assert.NotEqual(Irreps.Parse("16x0e"), Irreps.Parse("8x0e+8x0e"));
        Assert.Equal(Irreps.Parse("16x0e"), Irreps.Parse("8x0e+8x0e").Merged());
        Assert.NotEqual(Irreps.Parse("1x1e"), Irreps.Parse("1x1o"));
    }

    [Fact]
    public void Sort_is_stable_and_in_the_order_of_e3nn()
    {
        (Irreps sorted, int[] position) = Irreps.Parse("3x2o+1x1e+2x0o+4x1o+5x1e+6x0e+7x2e").Sort();
        Assert.Equal("6x0e+2x0o+4x1o+1x1e+5x1e+7x2e+3x2o", sorted.ToString());
        Assert.Equal([6, 3, 1, 2, 4, 0, 5], position);
    }

    [Fact]
    public void Product_of_two_irreps()
    {
        Assert.Equal(["1o", "2o", "3o"], new Irrep(1, -1).Times(new Irrep(2, 1)).Select(irrep => irrep.ToString()));
        Assert.True(new Irrep(4, 1).CouplesTo(new Irrep(6, 1), new Irrep(2, 1)));
        Assert.False(new Irrep(4, 1).CouplesTo(new Irrep(6, 1), new Irrep(1, 1)));
        Assert.False(new Irrep(1, -1).CouplesTo(new Irrep(1, -1), new Irrep(1, -1)));
    }
}
