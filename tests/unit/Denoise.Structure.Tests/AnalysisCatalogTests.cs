using Denoise.Atoms;

namespace Denoise.Structure.Tests;

public sealed class AnalysisCatalogTests
{
    [Theory]
    [InlineData("acna")]
    [InlineData("cna:3.07")]
    [InlineData("cna:cutoff=3.07")]
    public void Identifiers_are_analyses(string text)
    {
        Lattice lattice = Lattice.Named("fcc");
        using AnalysisFrame frame = new(text);
        frame.Run(lattice);
        string name = text[..(text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? colon : text.Length)];
        Assert.All(frame.Column(name), type => Assert.Equal((int)StructureType.Fcc, type));
        Assert.Equal(lattice.Positions.Length, frame.Global($"{name}_fcc"));
    }

    [Theory]
    [InlineData("cnaa", "cnaa' is no analysis; there are acna, cna")]
    [InlineData("cna", "cna: a distance 'cutoff' must be given; the form is cna:cutoff=RC.")]
    [InlineData("cna:-3", "cutoff=-3: a positive distance")]
    [InlineData("cna:3,4", "'4' is not known")]
    [InlineData("cna:3,range=4", "'range' is not known")]
    [InlineData("cna:cutoff=3,cutoff=4", "'cutoff' is given twice")]
    [InlineData("cna:", "a distance 'cutoff' must be given")]
    [InlineData("cna:cutoff=", "is no argument")]
    public void What_is_wrong_is_said(string text, string expected)
    {
        string message = Assert.Throws<InputException>(() => new AnalysisFrame(text).Dispose()).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
