using Denoise.Fuzz.Mutation;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Checkpoints.Archive;
using Denoise.Networks.Models;

namespace Denoise.Fuzz.Targets;

/// <summary>What a TorchScript archive says of itself; the archive around it is that of <see cref="CheckpointTarget"/>.</summary>
internal sealed class TorchScriptTarget : Target
{
    public override string Name => "torchscript";

    public override IMutator Mutator { get; } = new TextMutator(
        "\"cutoff\":", "\"layers\":", "\"neighbors\":", "\"species\":", "\"scale_length\":", "\"scale_neighbors\":", "\"heads\":",
        "\"classes\":", "\"edges\":", "\"precision\":", "\"gradients\":", "\"bytes_per_atom\":", "{", "}", "[", "]", "null", "true",
        "false", "\"displacement\"", "\"logits\"", "\"shift\"", "\"double\"", "[\"Cu\"]", "\"\\ud800\"", "\"\\u0000\"", "1e400",
        "2147483648", "0.5");

    public override void Execute(ReadOnlySpan<byte> input)
    {
        using MemoryStream stream = new();
        ZipWriter writer = new(stream);
        writer.Add("m/extra/denoise.json", input);
        writer.Add("m/constants.pkl", [0x80, 2, (byte)'.']);
        writer.Finish();
        TorchScriptModel model = TorchScriptFile.Load("fuzz.pt", stream.ToArray());
        if (!(model.Reach is > 0 and < 1e6) || !(model.NeighborCount > 0) || model.Heads.Count is 0 or > 2
            || model.Heads.Any(head => head.Dimension <= 0))
            throw new BrokenPromise($"a reach of {model.Reach}, {model.NeighborCount} neighbors and {model.Heads.Count} heads were taken");
    }
}
