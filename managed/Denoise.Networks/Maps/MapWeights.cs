using Denoise.Atoms.Memory;

namespace Denoise.Networks.Maps;

/// <summary>
/// The weights of a network in native memory, as <see cref="MapInference"/> reads them: the normalization of trained networks,
/// <c>(h - mean) / sqrt(variance + epsilon) * weight + bias</c>, is folded into the last layer.
/// </summary>
public sealed unsafe class MapWeights : IDisposable
{
    private readonly NativeBuffer<float> _memory = new();
    private readonly int[] _kernels;
    private readonly int[] _biases;
    private readonly int _dense;

    public MapWeights(MapNetwork network)
    {
        Network = network;
        int classes = network.Classes.Count, length = 0;
        (_kernels, _biases) = (new int[network.Convolutions.Count], new int[network.Convolutions.Count]);
        for (int l = 0; l < _kernels.Length; l++)
        {
            (_kernels[l], length) = (length, length + network.Convolutions[l].WeightCount);
            (_biases[l], length) = (length, length + network.Convolutions[l].Outputs);
        }

        _dense = length;
        _memory.Resize(length + (MapNetwork.Flat + 1) * MapNetwork.Hidden + (MapNetwork.Hidden + 1) * classes);
        for (int l = 0; l < _kernels.Length; l++)
        {
            Copy(network[$"{network.Convolutions[l].Name}.weight"], Kernel(l));
            Copy(network[$"{network.Convolutions[l].Name}.bias"], Bias(l));
        }

        Copy(network["dense1.weight"], Dense1);
        Copy(network["dense1.bias"], Bias1);
        Fold(network, classes);
    }

    public MapNetwork Network { get; }

    /// <summary>[Flat, Hidden]</summary>
    internal float* Dense1 => _memory.Pointer + _dense;

    /// <summary>[Hidden]</summary>
    internal float* Bias1 => Dense1 + MapNetwork.Flat * MapNetwork.Hidden;

    /// <summary>[Hidden, classes]</summary>
    internal float* Dense2 => Bias1 + MapNetwork.Hidden;

    /// <summary>[classes]</summary>
    internal float* Bias2 => Dense2 + MapNetwork.Hidden * Network.Classes.Count;

    public void Dispose() => _memory.Dispose();

    /// <summary>Of a convolution, [Kernel, Kernel, Inputs, Outputs].</summary>
    internal float* Kernel(int layer) => _memory.Pointer + _kernels[layer];

    /// <summary>Of a convolution, [Outputs].</summary>
    internal float* Bias(int layer) => _memory.Pointer + _biases[layer];

    private static void Copy(float[] values, float* to) => values.CopyTo(new Span<float>(to, values.Length));

    private void Fold(MapNetwork network, int classes)
    {
        float[] weight = network["dense2.weight"], bias = network["dense2.bias"];
        Copy(bias, Bias2);
        for (int h = 0; h < MapNetwork.Hidden; h++)
        {
            double scale = network["norm.weight"][h] / Math.Sqrt(network["norm.running_var"][h] + MapNetwork.Epsilon);
            double shift = network["norm.bias"][h] - scale * network["norm.running_mean"][h];
            for (int k = 0; k < classes; k++)
            {
                Dense2[h * classes + k] = (float)(scale * weight[h * classes + k]);
                Bias2[k] += (float)(shift * weight[h * classes + k]);
            }
        }
    }
}
