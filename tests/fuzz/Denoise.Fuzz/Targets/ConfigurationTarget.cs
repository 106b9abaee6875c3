using Denoise.Fuzz.Mutation;
using Denoise.Networks.Checkpoints;

namespace Denoise.Fuzz.Targets;

/// <summary>The JSON file that describes a network beside its weights.</summary>
internal sealed class ConfigurationTarget : Target
{
    private readonly string _path = Path.Combine(Running.Folders.Work, "run", $"configuration-{Environment.ProcessId}.json");
    private readonly byte[] _checkpoint;
    private readonly ModelCheck _check = new();

    public ConfigurationTarget()
    {
        using MemoryStream stream = new();
        CheckpointWriter.Write(stream, Networks.OneSpecies.ToStateDict(), Networks.Config);
        _checkpoint = stream.ToArray();
    }

    public override string Name => "configuration";

    public override IMutator Mutator { get; } = new TextMutator(
        "\"hidden\":", "\"edge\":", "\"out\":", "\"nx\":", "\"nz\":", "\"ns\":", "\"rc\":", "\"convs\":", "\"Z\":", "\"radial\":",
        "\"envelope\":", "\"species\":", "\"scale_length\":", "\"scale_neighbors\":", "\"config\":", "{", "}", "[", "]", "null", "true",
        "{}", "[2, 3]", "\"2x0e+1x1e\"", "\"1x0e+1x1e+1x2e\"", "\"1x1e\"", "\"0x0e\"", "\"4096x0e\"", "\"1x6e\"", "\"1x2147483647e\"",
        "\"polynomial\"", "\"none\"", "[\"Cu\"]", "[29]", "\"\\ud800\"", "\"\\u0000\"", "// no", "1e400");

    public override void Execute(ReadOnlySpan<byte> input)
    {
        File.WriteAllBytes(_path, input);
        try
        {
            Checkpoint checkpoint = Checkpoint.Load("fuzz.pt", _checkpoint, new CheckpointOptions { ConfigPath = _path });
            _check.Run(checkpoint.CreateModel());
        }
        finally
        {
            File.Delete(_path);
        }
    }
}
