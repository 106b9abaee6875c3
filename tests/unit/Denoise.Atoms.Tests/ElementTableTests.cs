namespace Denoise.Atoms.Tests;

public class ElementTableTests
{
    [Theory]
    [InlineData(1, "H", 1.008)]
    [InlineData(6, "C", 12.011)]
    [InlineData(26, "Fe", 55.845)]
    [InlineData(29, "Cu", 63.546)]
    [InlineData(40, "Zr", 91.224)]
    [InlineData(73, "Ta", 180.95)]
    [InlineData(79, "Au", 196.97)]
    [InlineData(92, "U", 238.03)]
    [InlineData(118, "Og", 294)]
    public void Symbols_numbers_and_masses(int z, string symbol, double mass)
    {
        Assert.Equal(symbol, ElementTable.Symbol(z));
        Assert.Equal(z, ElementTable.AtomicNumber(symbol));
        Assert.Equal(z, ElementTable.AtomicNumber(symbol.ToUpperInvariant()));
        Assert.Equal(mass, ElementTable.Mass(z));
    }

    [Fact]
    public void Every_mass_finds_an_element_of_that_mass()
    {
        for (int z = 1; z <= ElementTable.Count; z++)
            Assert.Equal(ElementTable.Mass(z), ElementTable.Mass(ElementTable.AtomicNumberFromMass(ElementTable.Mass(z))));
    }

    [Theory]
    [InlineData(63.5, "Cu")]
    [InlineData(58.7, "Ni")]
    [InlineData(58.93, "Co")]
    [InlineData(12, "C")]
    [InlineData(15.9994, "O")]
    [InlineData(28, "Si")]
    [InlineData(1, null)]
    [InlineData(100, null)]
    [InlineData(500, null)]
    [InlineData(double.NaN, null)]
    public void Masses_of_input_files(double mass, string? symbol)
    {
        int z = ElementTable.AtomicNumberFromMass(mass);
        Assert.Equal(symbol, z == 0 ? null : ElementTable.Symbol(z));
    }

    [Theory]
    [InlineData("Cu", "Cu")]
    [InlineData(" CU1 ", "Cu")]
    [InlineData("O2-", "O")]
    [InlineData("Fe3+", "Fe")]
    [InlineData("Si_pv", "Si")]
    [InlineData("Cu/f54ab", "Cu")]
    [InlineData("OW", "O")]
    [InlineData("D", "H")]
    [InlineData("copper", null)]
    [InlineData("X1", null)]
    [InlineData("1", null)]
    [InlineData("", null)]
    public void Labels(string label, string? symbol) => Assert.Equal(symbol, ElementTable.SymbolFromLabel(label));

    [Fact]
    public void Lengths_of_the_unit_styles()
    {
        Assert.Equal(1, LammpsUnits.AngstromPerLength("metal"));
        Assert.Equal(1e10, LammpsUnits.AngstromPerLength("si"));
        Assert.Equal(0.529177210903, LammpsUnits.AngstromPerLength("electron"));
        Assert.Null(LammpsUnits.AngstromPerLength("lj"));
        Assert.Contains("'feet'", Assert.Throws<InputException>(() => LammpsUnits.AngstromPerLength("feet")).Message);
    }
}
