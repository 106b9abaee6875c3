using Denoise.Networks.Maps;

namespace Denoise.Benchmarks;

/// <summary>The network of a Neighbors Map alone, one image after the other.</summary>
/// <param name="path">of the network</param>
/// <param name="atoms">images</param>
internal sealed unsafe class MapNetworkBenchmark(string path, int atoms) : Benchmark
{
    private readonly MapWeights _weights = new(MapFile.Load(path));
    private readonly Random _random = new(1);
    private MapInference? _inference;
    private float _logit;

    public override string Name => $"map network {Path.GetFileName(path)}";

    public override long Atoms => atoms;

    public override long MemoryBytes => 0;

    public override string Result => $"logit {_logit:g6}";

    public override void Prepare()
    {
        _inference = new(_weights);
        for (int y = 0; y < MapSettings.Size; y++)
            for (int x = 0; x < MapSettings.Size * _weights.Network.Settings.Channels; x++)
                _inference.Image[y * _inference.RowStride + x] = _random.NextSingle();
    }

    public override void Run()
    {
        float* logits = stackalloc float[_weights.Network.Classes.Count];
        for (int k = 0; k < atoms; k++)
            _inference!.Run(logits);
        _logit = logits[0];
    }

    public override void Dispose()
    {
        _inference?.Dispose();
        _weights.Dispose();
    }
}
