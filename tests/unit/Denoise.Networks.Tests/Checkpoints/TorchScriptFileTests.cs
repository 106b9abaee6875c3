using System.Text;
using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>What a TorchScript archive says of itself, and everything that it may say wrongly. Nothing here needs libtorch.</summary>
public class TorchScriptFileTests
{
    private const string Least = "\"cutoff\": 3.2, \"layers\": 3, \"neighbors\": 12";

    private static byte[] Archive(string description) => new ArchiveBuilder
    {
        Entries =
        {
            new("m/extra/denoise.json", Encoding.UTF8.GetBytes(description)),
            new("m/data.pkl", [0x80, 2, (byte)'.']),
            new("m/code/__torch__.py", [1, 2, 3]) { Method = 8 },
            new("m/constants.pkl", [0x80, 2, (byte)'.']),
        },
    }.Build();

    private static TorchScriptModel Load(string keys) => TorchScriptFile.Load("some.pt", Archive("{" + keys + "}"));

    private static void Refuses(byte[] file, string expected)
    {
        string message = Assert.Throws<InputException>(() => TorchScriptFile.Load("some.pt", file)).Message;
        Assert.StartsWith("some.pt: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_least_that_must_be_said_is_enough()
    {
        TorchScriptModel model = Load(Least);
        Assert.Equal((3.2, 3, 12.0, 1), (model.Cutoff, model.Layers, model.NeighborCount, model.SpeciesCount));
        Assert.Equal(9.6, model.Reach, 12);
        Assert.Equal((0.0, 13), (model.ScaleLength, model.ScaleNeighbors));
        Assert.Equal([Head.Displacement], model.Heads.Select(head => head.Name));
        Assert.False(model.TakesShifts || model.IsDouble || model.NeedsGradients);
    }

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        TorchScriptModel model = Load(Least + ", \"species\": [\"Si\", \"O\"], \"scale_length\": 2.5, \"scale_neighbors\": 4, " +
            "\"heads\": [\"logits\", \"displacement\"], \"classes\": [\"melt\", \"fcc\"], \"edges\": \"shift\", " +
            "\"precision\": \"double\", \"gradients\": true, \"bytes_per_atom\": 1000");
        Assert.Equal(["Si", "O"], model.Species);
        Assert.Equal((2.5, 4, 1000), (model.ScaleLength, model.ScaleNeighbors, model.BytesPerAtom));
        Assert.Equal([(Head.Logits, 2), (Head.Displacement, 3)], model.Heads.Select(head => (head.Name, head.Dimension)));
        Assert.Equal(["melt", "fcc"], model.Heads[0].Classes);
        Assert.True(model is { TakesShifts: true, IsDouble: true, NeedsGradients: true });
    }

    [Fact]
    public void Classes_bring_their_logits() => Assert.Equal([Head.Displacement, Head.Logits],
        Load(Least + ", \"classes\": [\"melt\", \"fcc\"]").Heads.Select(head => head.Name));

    [Fact]
    public void Another_file_has_another_hash()
    {
        Assert.Equal(Load(Least).Hash, Load(Least).Hash);
        Assert.NotEqual(Load(Least).Hash, Load(Least + " ").Hash);
    }

    [Theory]
    [InlineData("\"layers\": 3, \"neighbors\": 12", "'cutoff' is missing")]
    [InlineData("\"cutoff\": 3.2, \"neighbors\": 12", "'layers' is missing")]
    [InlineData("\"cutoff\": 3.2, \"layers\": 3", "'neighbors' is missing")]
    [InlineData("\"cutoff\": \"3.2\", \"layers\": 3, \"neighbors\": 12", "'cutoff' must be a number")]
    [InlineData("\"cutoff\": 1e400, \"layers\": 3, \"neighbors\": 12", "'cutoff' must be a number")]
    [InlineData("\"cutoff\": -1, \"layers\": 3, \"neighbors\": 12", "'cutoff' must be a number")]
    [InlineData("\"cutoff\": 3.2, \"layers\": 2.5, \"neighbors\": 12", "'layers' must be a whole number")]
    [InlineData("\"cutoff\": 3.2, \"layers\": 1000, \"neighbors\": 12", "'layers' must be a number from 1 to 64")]
    [InlineData(Least + ", \"cutof\": 3", "'cutof' is no key; keys are cutoff, layers")]
    [InlineData(Least + ", \"species\": [\"Xy\"]", "'Xy' is no chemical symbol")]
    [InlineData(Least + ", \"species\": [\"Cu\", \"Cu\"]", "named twice")]
    [InlineData(Least + ", \"species\": \"Cu\"", "'species' must be a list")]
    [InlineData(Least + ", \"species\": [29]", "'species' must be a list")]
    [InlineData(Least + ", \"heads\": [\"energy\"]", "heads are displacement and logits")]
    [InlineData(Least + ", \"heads\": [\"displacement\", \"displacement\"]", "heads are displacement and logits")]
    [InlineData(Least + ", \"heads\": [\"logits\"]", "'classes' must name")]
    [InlineData(Least + ", \"heads\": [\"displacement\"], \"classes\": [\"fcc\"]", "has no logits")]
    [InlineData(Least + ", \"classes\": [\"a b\"]", "is no name of a class")]
    [InlineData(Least + ", \"edges\": \"length\"", "'edges' must be 'vector' or 'shift'")]
    [InlineData(Least + ", \"precision\": 64", "'precision' must be 'single' or 'double'")]
    [InlineData(Least + ", \"gradients\": 1", "'gradients' must be true or false")]
    [InlineData(Least + ", \"bytes_per_atom\": -1", "'bytes_per_atom' must be a number")]
    [InlineData(Least + ", \"classes\": [\"\\ud800\"]", "half a character")]
    [InlineData(Least + ",,", "is not valid JSON")]
    public void What_is_said_wrongly_is_named(string keys, string expected) => Refuses(Archive("{" + keys + "}"), expected);

    [Fact]
    public void A_list_is_no_description() => Refuses(Archive("[1]"), "there is no object");

    [Fact]
    public void Other_archives_are_told_apart()
    {
        Refuses(new ArchiveBuilder().Add("a/data.pkl", [1]).Build(), "is no TorchScript program");
        Refuses(new ArchiveBuilder().Add("a/data.pkl", [1]).Add("a/constants.pkl", [1]).Build(), "has no denoise.json");
        Refuses(new ArchiveBuilder().Add("a/constants.pkl", [1]).Add("a/extra/denoise.json", [1]).Add("b/extra/denoise.json", [1]).Build(),
            "has no denoise.json");
        Refuses("not an archive"u8.ToArray(), "is not a PyTorch checkpoint");
    }

    [Fact]
    public void Damage_is_told()
    {
        ArchiveBuilder.Entry description = new("m/extra/denoise.json", Encoding.UTF8.GetBytes("{" + Least + "}"));
        byte[] With(ArchiveBuilder.Entry entry) => new ArchiveBuilder { Entries = { entry, new("m/constants.pkl", [1]) } }.Build();
        Refuses(With(description with { Checksum = 1 }), "does not match: the file is damaged");
        Refuses(With(description with { Method = 8 }), "is compressed");
    }

    /// <summary>A program is recognized although PyTorch compresses the code in it, and the sentence says how it can be used.</summary>
    [Fact]
    public void A_checkpoint_reader_names_the_word_that_is_needed()
    {
        string message = Assert.Throws<InputException>(() => Checkpoint.Load("some.pt", Archive("{" + Least + "}"))).Message;
        Assert.Contains("'engine torch'", message, StringComparison.Ordinal);
    }
}
