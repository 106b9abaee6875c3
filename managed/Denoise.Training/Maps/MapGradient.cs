using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Maps;
using Denoise.Networks.Models;
using Denoise.Training.Sampling;

namespace Denoise.Training.Maps;

/// <summary>
/// Cross entropy of a batch of images and its gradient: normalization by the batch's own mean and variance, half of what the convolutions
/// made dropped at random. Sums are taken in a fixed order of groups, so that no bit depends on the threads.
/// </summary>
internal sealed unsafe class MapGradient : IDisposable
{
    /// <summary>Part of the running mean and variance that a batch replaces.</summary>
    private const float Momentum = 0.05f;

    private const int Groups = 8;
    private const float Kept = 0.5f;

    private readonly MapNetwork _network;
    private readonly IReadOnlyList<ConvolutionShape> _layers;
    private readonly WorkerPool _pool;
    private readonly MapPass[] _passes;
    private readonly NativeBuffer<float> _weights = new();
    private readonly NativeBuffer<float> _turned = new();
    private readonly NativeBuffer<float> _sums = new();
    private readonly NativeBuffer<float> _zero = new(32);
    private readonly float*[] _kernels;
    private readonly float*[] _biases;
    private readonly float*[] _turnedKernels;
    private readonly int _groupLength;
    private readonly float[][] _hidden;
    private readonly float[][] _hiddenBack;
    private readonly float[][] _dropped;
    private readonly WorkerPool.Body _forward;
    private readonly WorkerPool.Body _backward;

    private IReadOnlyList<float[]> _images = [];

    /// <param name="network">whose running mean and variance change; the other weights are the caller's to change</param>
    /// <param name="parameters">its tensors</param>
    /// <param name="batch">images</param>
    /// <param name="pool">threads, borrowed</param>
    public MapGradient(MapNetwork network, IReadOnlyList<Tensor> parameters, int batch, WorkerPool pool)
    {
        (_network, _layers, _pool) = (network, network.Convolutions, pool);
        Gradients = new(parameters);
        _passes = [.. Enumerable.Range(0, batch).Select(_ => new MapPass(_layers))];
        (_hidden, _hiddenBack, _dropped) = (Rows(MapNetwork.Hidden), Rows(MapNetwork.Hidden), Rows(MapNetwork.Flat));
        _groupLength = _layers.Sum(layer => layer.WeightCount + layer.Outputs) + (MapNetwork.Flat + 1) * MapNetwork.Hidden;
        _weights.Resize(_groupLength);
        _turned.Resize(_groupLength);
        _sums.Resize((long)Groups * _groupLength);
        _zero.Clear();
        (_kernels, _biases, _turnedKernels) = (new float*[_layers.Count], new float*[_layers.Count], new float*[_layers.Count]);
        Point(_weights.Pointer, _kernels, _biases);
        Point(_turned.Pointer, _turnedKernels, new float*[_layers.Count]);
        (_forward, _backward) = (Forward, Backward);

        float[][] Rows(int length) => [.. Enumerable.Range(0, batch).Select(_ => new float[length])];
    }

    /// <summary>Of the last call.</summary>
    public ParameterGradients Gradients { get; }

    /// <summary>Mean cross entropy in nats; fills <see cref="Gradients"/>.</summary>
    /// <param name="images">at most as many as a batch has</param>
    /// <param name="labels">numbers of classes</param>
    /// <param name="classWeights">[classes] factors on the loss</param>
    /// <param name="seed">of what is dropped; null: nothing is, and the running mean and variance stay</param>
    /// <param name="step">of what is dropped</param>
    /// <param name="right">receives how many were named right</param>
    public double Of(IReadOnlyList<float[]> images, ReadOnlySpan<int> labels, float[] classWeights, long? seed, long step, out int right)
    {
        _images = images;
        Load();
        for (int s = 0; s < images.Count; s++)
            Drop(_dropped[s], seed, step, s);
        _pool.Run(images.Count, 1, _forward);
        Gradients.Clear();
        double loss = Head(labels, classWeights, updates: seed is not null, out right);
        _sums.Clear();
        _pool.Run(Groups, 1, _backward);
        Collect();
        return loss;
    }

    public void Dispose()
    {
        foreach (MapPass pass in _passes)
            pass.Dispose();
        foreach (NativeBuffer<float> buffer in (NativeBuffer<float>[])[_weights, _turned, _sums, _zero])
            buffer.Dispose();
    }

    private static void Drop(float[] factors, long? seed, long step, int sample)
    {
        Array.Fill(factors, 1);
        if (seed is not { } given)
            return;
        RandomStream random = new(given, 77, step * 4096 + sample);
        for (int i = 0; i < factors.Length; i++)
            factors[i] = random.Uniform() < Kept ? 1 / Kept : 0;
    }

    private void Point(float* from, float*[] kernels, float*[] biases)
    {
        for (int l = 0; l < _layers.Count; l++)
        {
            kernels[l] = from;
            biases[l] = from + _layers[l].WeightCount;
            from = biases[l] + _layers[l].Outputs;
        }
    }

    private void Load()
    {
        for (int l = 0; l < _layers.Count; l++)
        {
            float[] weights = _network[$"{_layers[l].Name}.weight"], bias = _network[$"{_layers[l].Name}.bias"];
            weights.CopyTo(new Span<float>(_kernels[l], weights.Length));
            bias.CopyTo(new Span<float>(_biases[l], bias.Length));
            ConvolutionGradient.Turn(_layers[l], _kernels[l], _turnedKernels[l]);
        }
    }

    private void Forward(int begin, int end, int worker)
    {
        float[] weights = _network["dense1.weight"], bias = _network["dense1.bias"];
        for (int s = begin; s < end; s++)
        {
            _passes[s].Forward(_images[s], _kernels, _biases);
            bias.CopyTo(_hidden[s], 0);
            for (int i = 0; i < MapNetwork.Flat; i++)
            {
                float value = _passes[s].Flat[i] * _dropped[s][i];
                if (value == 0)
                    continue;
                for (int h = 0; h < MapNetwork.Hidden; h++)
                    _hidden[s][h] += value * weights[i * MapNetwork.Hidden + h];
            }
        }
    }

    /// <summary>From the hidden values on, for all images together; leaves dL/dhidden.</summary>
    private double Head(ReadOnlySpan<int> labels, float[] classWeights, bool updates, out int right)
    {
        int count = _images.Count, classes = _network.Classes.Count;
        float[] gain = _network["norm.weight"], shift = _network["norm.bias"];
        float[] last = _network["dense2.weight"], bias = _network["dense2.bias"];
        double[] gainBack = Gradients["norm.weight"], shiftBack = Gradients["norm.bias"];
        double[] lastBack = Gradients["dense2.weight"], biasBack = Gradients["dense2.bias"];
        double[] mean = new double[MapNetwork.Hidden], inverse = new double[MapNetwork.Hidden];
        double[,] normal = new double[count, MapNetwork.Hidden], back = new double[count, MapNetwork.Hidden];
        for (int h = 0; h < MapNetwork.Hidden; h++)
        {
            double sum = 0, squares = 0;
            for (int s = 0; s < count; s++)
                sum += Math.Max(0, _hidden[s][h]);
            mean[h] = sum / count;
            for (int s = 0; s < count; s++)
                squares += Math.Pow(Math.Max(0, _hidden[s][h]) - mean[h], 2);
            inverse[h] = 1 / Math.Sqrt(squares / count + MapNetwork.Epsilon);
            for (int s = 0; s < count; s++)
                normal[s, h] = (Math.Max(0, _hidden[s][h]) - mean[h]) * inverse[h];
            if (updates)
            {
                _network["norm.running_mean"][h] += Momentum * (float)(mean[h] - _network["norm.running_mean"][h]);
                _network["norm.running_var"][h] += Momentum * (float)(squares / Math.Max(1, count - 1) - _network["norm.running_var"][h]);
            }
        }

        double loss = 0, total = 0;
        right = 0;
        for (int s = 0; s < count; s++)
            total += classWeights[labels[s]];
        double[] logits = new double[classes];
        for (int s = 0; s < count; s++)
        {
            for (int k = 0; k < classes; k++)
            {
                logits[k] = bias[k];
                for (int h = 0; h < MapNetwork.Hidden; h++)
                    logits[k] += (gain[h] * normal[s, h] + shift[h]) * last[h * classes + k];
            }

            double most = logits.Max(), sum = logits.Sum(l => Math.Exp(l - most)), weight = classWeights[labels[s]] / total;
            loss += weight * (most + Math.Log(sum) - logits[labels[s]]);
            right += Array.IndexOf(logits, most) == labels[s] ? 1 : 0;
            for (int k = 0; k < classes; k++)
            {
                double g = weight * (Math.Exp(logits[k] - most) / sum - (k == labels[s] ? 1 : 0));
                biasBack[k] += g;
                for (int h = 0; h < MapNetwork.Hidden; h++)
                {
                    lastBack[h * classes + k] += g * (gain[h] * normal[s, h] + shift[h]);
                    back[s, h] += g * last[h * classes + k];
                }
            }
        }

        for (int h = 0; h < MapNetwork.Hidden; h++)
        {
            double sum = 0, along = 0;
            for (int s = 0; s < count; s++)
            {
                gainBack[h] += back[s, h] * normal[s, h];
                shiftBack[h] += back[s, h];
                sum += gain[h] * back[s, h];
                along += gain[h] * back[s, h] * normal[s, h];
            }

            for (int s = 0; s < count; s++)
                _hiddenBack[s][h] = _hidden[s][h] > 0
                    ? (float)(inverse[h] * (gain[h] * back[s, h] - (sum + normal[s, h] * along) / count))
                    : 0;
        }

        return loss;
    }

    private void Backward(int begin, int end, int worker)
    {
        float[] dense = _network["dense1.weight"];
        for (int group = begin; group < end; group++)
        {
            float* sums = _sums.Pointer + (long)group * _groupLength;
            float*[] weights = new float*[_layers.Count], biases = new float*[_layers.Count];
            Point(sums, weights, biases);
            float* denseSums = biases[^1] + _layers[^1].Outputs, biasSums = denseSums + MapNetwork.Flat * MapNetwork.Hidden;
            for (int s = group; s < _images.Count; s += Groups)
            {
                float[] back = _hiddenBack[s];
                for (int h = 0; h < MapNetwork.Hidden; h++)
                    biasSums[h] += back[h];
                for (int i = 0; i < MapNetwork.Flat; i++)
                {
                    float factor = _dropped[s][i], value = _passes[s].Flat[i] * factor, sum = 0;
                    for (int h = 0; h < MapNetwork.Hidden; h++)
                    {
                        denseSums[i * MapNetwork.Hidden + h] += value * back[h];
                        sum += dense[i * MapNetwork.Hidden + h] * back[h];
                    }

                    _passes[s].FlatBack[i] = sum * factor;
                }

                _passes[s].Backward(_turnedKernels, weights, biases, _zero.Pointer);
            }
        }
    }

    private void Collect()
    {
        for (int group = 0; group < Groups; group++)
        {
            float* from = _sums.Pointer + (long)group * _groupLength;
            foreach (ConvolutionShape layer in _layers)
            {
                from = Add(from, Gradients[$"{layer.Name}.weight"]);
                from = Add(from, Gradients[$"{layer.Name}.bias"]);
            }

            from = Add(from, Gradients["dense1.weight"]);
            Add(from, Gradients["dense1.bias"]);
        }
    }

    private static float* Add(float* from, double[] to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += from[i];
        return from + to.Length;
    }
}
