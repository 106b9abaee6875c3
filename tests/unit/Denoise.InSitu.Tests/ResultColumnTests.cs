namespace Denoise.InSitu.Tests;

/// <summary>What analyses find can be told apart by its name, whatever else was asked for.</summary>
public sealed class ResultColumnTests
{
    [Theory]
    [InlineData(Classification.AdaptiveCommonNeighbors, null)]
    [InlineData(Classification.None, "StructureType")]
    public void Names_are_unique(Classification classification, string? ovitoNameOfTemplates)
    {
        using Session session = new(new()
        {
            Classification = classification,
            Analyses = ["ptm", "acna", "acna:on=raw", "acna", "clusters:all,cutoff=3", "grains:cutoff=3", "ptm:orientation", "ptm:on=raw"],
        });
        string[] names = [.. session.Columns.Select(column => column.Name)], globals = [.. session.Globals.Select(global => global.Name)];
        string[] ovitoNames = [.. session.Columns.Select(column => column.OvitoName).OfType<string>()];
        Assert.Equal(names.Distinct(), names);
        Assert.Equal(globals.Distinct(), globals);
        Assert.Equal(ovitoNames.Distinct(), ovitoNames);
        Assert.Equal(ovitoNameOfTemplates, session.Columns[0].OvitoName);
        Assert.Contains("acna_raw", names);
        Assert.Contains("acna_2", names);
        Assert.Contains("ptm_orientation_2[1]", names);
    }
}
