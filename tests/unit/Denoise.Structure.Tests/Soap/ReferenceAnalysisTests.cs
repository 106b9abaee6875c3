using Denoise.Atoms;
using Denoise.Structure.Soap;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests.Soap;

public sealed class ReferenceAnalysisTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static SoapSettings Soap => new(6, 4, 4.0, 0.5);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fcc", 1)]
    [InlineData("hcp", 2)]
    [InlineData("bcc", 3)]
    public void Crystals_have_their_names_on_any_number_of_ranks(string name, int label)
    {
        Lattice lattice = Lattice.Named(name).Rattled(0.03, 5);
        string text = $"reference:file={Write()}";
        using AnalysisFrame frame = new(text, threads: 3);
        double[] labels = frame.Run(lattice).Column("reference"), distances = [.. frame.Column("reference_distance")];
        Assert.All(labels, found => Assert.Equal(label, found));
        Assert.Equal(labels.Length, frame.Global($"reference_{name}"));
        foreach (int ranks in (int[])[2, 4])
        {
            using RankedFrame ranked = new(text, ranks);
            ranked.Run(lattice);
            Assert.Equal(labels, ranked.Column("reference"));
            Assert.Equal(distances, ranked.Column("reference_distance"));
        }
    }

    [Fact]
    public void What_is_far_from_all_is_none_of_these()
    {
        using AnalysisFrame frame = new($"reference:file={Write()}");
        Assert.All(frame.Run(Lattice.Named("sc")).Column("reference"), label => Assert.Equal(0, label));
        Assert.True(frame.Global("reference_none") > 0);
        // Nothing is left of a crystal that is shaken by a third of its distances.
        double[] labels = frame.Run(Lattice.Named("fcc").Rattled(0.8, 3)).Column("reference");
        Assert.True(labels.Count(label => label != 0) < labels.Length / 20);
    }

    [Fact]
    public void Atoms_of_other_types_are_not_seen()
    {
        Lattice lattice = Lattice.Named("fcc");
        // Every atom has another one beside it, of type 1.
        Lattice both = lattice with { Positions = [.. lattice.Positions.SelectMany(r => new[] { r, r + new Vec3(0.5, 0.1, 0.2) })] };
        int[] types = [.. both.Positions.Select((_, i) => 2 - i % 2)];
        using AnalysisFrame frame = new($"reference:file={Write()},types=2");
        double[] labels = frame.Run(both, types: types).Column("reference");
        for (int i = 0; i < labels.Length; i++)
            Assert.Equal(i % 2 == 0 ? 1 : -1, labels[i]);
        Assert.Equal(lattice.Positions.Length, frame.Global("reference_fcc"));
    }

    [Fact]
    public void A_file_says_what_was_written()
    {
        ReferenceSet set = Build();
        ReferenceSet read = ReferenceSet.Parse(set.ToText(), "text");
        Assert.Equal(set.Names, read.Names);
        Assert.Equal(set.NameOf, read.NameOf);
        Assert.Equal(set.Soap, read.Soap);
        Assert.Equal(set.Threshold, read.Threshold);
        Assert.True(Tolerance.LargestError(set.References, read.References) < Tolerance.Single);
    }

    [Theory]
    [InlineData("", "is damaged")]
    [InlineData("{}", "holds no references")]
    [InlineData("{\"denoise_reference\":2}", "is of version 2")]
    [InlineData("{\"denoise_reference\":1}", "is damaged")]
    public void Other_files_are_refused(string text, string expected)
    {
        string path = _folder["wrong.ref"];
        File.WriteAllText(path, text);
        InputException failure = Assert.Throws<InputException>(() => new AnalysisFrame($"reference:file={path}"));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_ones_are_refused_and_never_hang()
    {
        string text = Build().ToText();
        Random random = new(1);
        for (int k = 0; k < 100; k++)
        {
            char[] damaged = text.ToCharArray();
            for (int n = 0; n < 3; n++)
                damaged[random.Next(damaged.Length)] = (char)random.Next(32, 127);
            try
            {
                ReferenceSet.Parse(new string(damaged), "text");
            }
            catch (InputException)
            {
                // Refused, as nearly all are.
            }
        }
    }

    [Theory]
    [InlineData("reference", "a file must be given")]
    [InlineData("reference:file=/nonexistent/x.ref", "cannot be read")]
    public void Wrong_arguments_are_told(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => new AnalysisFrame(text)).Message, StringComparison.Ordinal);

    private static ReferenceSet Build() => ReferenceBuilder.Build(
        [.. new[] { "fcc", "hcp", "bcc" }.Select(name => Lattice.Named(name, 1))
            .Select((lattice, k) => new ReferenceStructure(((string[])["fcc", "hcp", "bcc"])[k], lattice.Box, lattice.Positions,
                new int[lattice.Positions.Length]))],
        ["Cu"], Soap);

    private string Write()
    {
        string path = _folder["metals.ref"];
        File.WriteAllText(path, Build().ToText());
        return path;
    }
}
