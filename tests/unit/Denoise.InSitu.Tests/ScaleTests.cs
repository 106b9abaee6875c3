using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>The length scale found from damaged and hot crystals, against that of the perfect crystal of the same density.</summary>
public sealed class ScaleTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Theory]
    [InlineData(StructureType.Fcc)]
    [InlineData(StructureType.Bcc)]
    [InlineData(StructureType.Hcp)]
    public void Scale_of_a_bulk_crystal_is_right_to_one_percent_up_to_noise_of_12_percent(StructureType structure)
    {
        foreach (double noise in (double[])[0, 0.03, 0.06, 0.09, 0.12])
            Check(TestCrystal.Create(structure, 2.9, 24).Rattled(noise * 2.9, 1), 0.01, $"noise {noise}");
    }

    [Theory]
    [InlineData(StructureType.Fcc)]
    [InlineData(StructureType.Bcc)]
    [InlineData(StructureType.Hcp)]
    public void Scale_does_not_see_surfaces(StructureType structure)
    {
        // Two surfaces on 13 Å: about 30% of the atoms lack neighbors.
        foreach (double noise in (double[])[0, 0.06, 0.12])
            Check(Slab(structure).Rattled(noise * 2.9, 2), 0.01, $"slab, noise {noise}");
    }

    [Theory]
    [InlineData(StructureType.Fcc, 0.05, 0.09, 0.0125)]
    [InlineData(StructureType.Bcc, 0.05, 0.09, 0.0125)]
    [InlineData(StructureType.Hcp, 0.05, 0.09, 0.0125)]
    [InlineData(StructureType.Fcc, 0.1, 0.06, 0.015)]
    [InlineData(StructureType.Bcc, 0.1, 0.06, 0.015)]
    [InlineData(StructureType.Hcp, 0.1, 0.06, 0.015)]
    public void Scale_is_that_of_the_lattice_although_atoms_are_missing(
        StructureType structure, double missing, double noise, double allowed)
    {
        TestCrystal crystal = TestCrystal.Create(structure, 2.9, 30).WithoutFraction(missing, 3);
        foreach (double s in (double[])[0, noise / 2, noise])
            Check(crystal.Rattled(s * 2.9, 4), allowed, $"-{missing}, noise {s}");
    }

    [Fact]
    public void Scale_follows_the_length_of_the_crystal_in_any_unit()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.9, 16).Rattled(0.1, 5);
        double expected = Find(crystal, 1);
        foreach (double unit in (double[])[1e-4, 0.5, 10, 1e5])
            Assert.Equal(expected / unit, Find(crystal, unit), expected / unit * 1e-6);
    }

    [Fact]
    public void Given_scale_is_used_as_it_is()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.9, 12);
        using Session session = new(new() { Model = Metals.Model, Scale = 0.875, MaxIterations = 1 });
        Assert.Equal(0.875, session.Process(Frame(crystal)).Scale);
    }

    private static TestCrystal Slab(StructureType structure)
    {
        TestCrystal slab = TestCrystal.Create(structure, 2.9, 13);
        return slab.AsSlab();
    }

    private void Check(TestCrystal crystal, double allowed, string what)
    {
        double expected = Metals.Model.Config.ScaleLength / crystal.MeanOfThirteen;
        double error = Find(crystal, 1) / expected - 1;
        output.WriteLine($"{crystal.Structure} {what}: {100 * error:+0.00;-0.00}%");
        Assert.True(Math.Abs(error) <= allowed, $"{crystal.Structure}, {what}: scale is off by {100 * error:f2}%");
    }

    private static double Find(TestCrystal crystal, double unit)
    {
        using Session session = new(new()
        {
            Model = Metals.Model,
            LengthUnit = unit,
            MaxIterations = 1,
            Classification = Classification.None,
        });
        return session.Process(Frame(crystal)).Scale;
    }

    private static FrameInput Frame(TestCrystal crystal) =>
        new() { LocalCount = crystal.Count, Positions = crystal.Positions, Box = crystal.Box };
}
