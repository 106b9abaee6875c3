using Denoise.Atoms.Threading;
using Denoise.Networks.Maps;
using Denoise.Networks.Models;
using Denoise.Training.Optimization;
using Denoise.Training.Sampling;

namespace Denoise.Training.Maps;

/// <summary>
/// Trains a <see cref="MapNetwork"/> on labelled images: Adam with a cosine, an epoch being one pass over all images in random order. Every
/// <see cref="HeldOut"/>-th image of a class is kept for validation. The same images and seed give the same bits on any threads.
/// </summary>
public sealed class MapTraining : IDisposable
{
    /// <summary>One image in so many is not trained on.</summary>
    public const int HeldOut = 10;

    private const double Decay = 1e-4;

    private readonly List<Tensor> _parameters;
    private readonly MapSet _set;
    private readonly WorkerPool _pool;
    private readonly MapGradient _gradient;
    private readonly AdamW _optimizer;
    private readonly LearningRateSchedule _schedule;
    private readonly int[] _trained;
    private readonly int[] _validated;
    private readonly int _batch;
    private readonly long _seed;
    private readonly float[] _classWeights;
    private long _step;

    /// <param name="settings">of the images</param>
    /// <param name="set">labelled images, a few per class at least</param>
    /// <param name="batch">images per update</param>
    /// <param name="epochs">passes</param>
    /// <param name="rate">largest learning rate</param>
    /// <param name="seed">of weights, order and what is dropped</param>
    /// <param name="pool">threads, borrowed</param>
    public MapTraining(MapSettings settings, MapSet set, int batch, int epochs, double rate, long seed, WorkerPool pool)
    {
        (_set, _batch, _seed, _pool) = (set, batch, seed, pool);
        Network = new(settings, set.Classes, Initial(settings.Channels, set.Classes.Count, seed));
        _parameters =
        [
            .. MapNetwork.ShapesOf(settings.Channels, set.Classes.Count)
                .Where(entry => !entry.Name.Contains("running", StringComparison.Ordinal))
                .Select(entry => new Tensor(entry.Name, entry.Shape, Network[entry.Name])),
        ];
        _gradient = new(Network, _parameters, batch, pool);
        _optimizer = new(_parameters, Decay);
        int[] seen = new int[set.Classes.Count];
        List<int> trained = [], validated = [];
        for (int s = 0; s < set.Images.Count; s++)
            (++seen[set.Labels[s]] % HeldOut == 0 ? validated : trained).Add(s);
        (_trained, _validated) = ([.. trained], [.. validated]);
        // A class counts as much as any other, however many images it has.
        int[] counts = [.. Enumerable.Range(0, seen.Length).Select(k => Math.Max(1, seen[k]))];
        _classWeights = [.. counts.Select(n => (float)set.Images.Count / (n * counts.Length))];
        StepsPerEpoch = Math.Max(1, _trained.Length / batch);
        _schedule = new(rate, Math.Min(100, StepsPerEpoch), (long)epochs * StepsPerEpoch);
    }

    public MapNetwork Network { get; }

    public int StepsPerEpoch { get; }

    public int TrainedCount => _trained.Length;

    public int ValidatedCount => _validated.Length;

    /// <summary>One pass over the images.</summary>
    /// <param name="epoch">from 0</param>
    /// <param name="cancellation">ends it early</param>
    /// <returns>mean loss in nats, and part of the images that was named right on the way</returns>
    public (double Loss, double Right) Epoch(int epoch, CancellationToken cancellation)
    {
        RandomStream random = new(_seed, 78, epoch);
        int[] order = [.. _trained];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Integer(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        double loss = 0, right = 0;
        int seen = 0;
        float[][] images = new float[Math.Min(_batch, order.Length)][];
        int[] labels = new int[images.Length];
        for (int b = 0; b < StepsPerEpoch && !cancellation.IsCancellationRequested; b++)
        {
            for (int k = 0; k < images.Length; k++)
                (images[k], labels[k]) = (_set.Images[order[b * images.Length + k]], _set.Labels[order[b * images.Length + k]]);
            loss += images.Length * _gradient.Of(images, labels, _classWeights, _seed, _step, out int named);
            (right, seen, _step) = (right + named, seen + images.Length, _step + 1);
            _optimizer.Update(_gradient.Gradients, 1, _schedule.At(_step), _step);
        }

        return (loss / Math.Max(1, seen), right / Math.Max(1, seen));
    }

    /// <summary>[class, named as] images that were held out, as the finished network names them.</summary>
    public unsafe long[,] Validate()
    {
        long[,] table = new long[_set.Classes.Count, _set.Classes.Count];
        using MapWeights weights = new(Network);
        using MapInference inference = new(weights);
        float[] logits = new float[_set.Classes.Count];
        int row = MapSettings.Size * Network.Settings.Channels;
        foreach (int s in _validated)
        {
            for (int y = 0; y < MapSettings.Size; y++)
                _set.Images[s].AsSpan(y * row, row).CopyTo(new(inference.Image + y * inference.RowStride, row));
            fixed (float* to = logits)
                inference.Run(to);
            table[_set.Labels[s], Array.IndexOf(logits, logits.Max())]++;
        }

        return table;
    }

    public void Dispose() => _gradient.Dispose();

    /// <summary>Uniform, of variance 2 / inputs (He et al., arXiv:1502.01852).</summary>
    private static Dictionary<string, float[]> Initial(int channels, int classes, long seed)
    {
        Dictionary<string, float[]> tensors = new(StringComparer.Ordinal);
        foreach ((string name, int[] shape) in MapNetwork.ShapesOf(channels, classes))
        {
            float[] values = new float[shape.Aggregate(1, (product, n) => product * n)];
            if (name is "norm.weight" or "norm.running_var")
                Array.Fill(values, 1);
            else if (shape.Length > 1)
            {
                RandomStream random = new(seed, 79, tensors.Count);
                double limit = Math.Sqrt(6.0 / (values.Length / shape[^1]));
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)random.Uniform(-limit, limit);
            }

            tensors.Add(name, values);
        }

        return tensors;
    }
}
