using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Networks.Maps;

/// <summary>
/// Evaluates a <see cref="MapNetwork"/>, one image at a time, so that all that lies between its layers stays in the cache. What a network
/// says in training is <see cref="ReferenceMapNetwork"/>'s to tell; here the normalization is part of the last layer. One
/// call at a time; several may share a <see cref="MapWeights"/>.
/// </summary>
public sealed unsafe class MapInference : IDisposable
{
    private readonly MapWeights _weights;
    private readonly IReadOnlyList<ConvolutionShape> _layers;
    private readonly NativeBuffer<float>[] _inputs;
    private readonly NativeBuffer<float> _unpooled;
    private readonly NativeBuffer<float> _flat = new(MapNetwork.Flat);

    /// <param name="weights">borrowed</param>
    public MapInference(MapWeights weights)
    {
        (_weights, _layers) = (weights, weights.Network.Convolutions);
        _inputs = [.. _layers.Select(layer => new NativeBuffer<float>(layer.InputLength))];
        // The zeros around the images are never written again.
        foreach (NativeBuffer<float> input in _inputs)
            input.Clear();
        _unpooled = new(_layers[MapNetwork.Pooled].OutputLength);
    }

    /// <summary>Pixel (0, 0) of the image, for the caller to fill.</summary>
    public float* Image => Inside(0);

    /// <summary>Values between its rows.</summary>
    public int RowStride => _layers[0].RowStride;

    /// <summary>Logits of the image.</summary>
    /// <param name="logits">[classes]</param>
    public void Run(float* logits)
    {
        for (int l = 0; l < _layers.Count; l++)
        {
            ConvolutionShape layer = _layers[l];
            bool isLast = l + 1 == _layers.Count, isPooled = l == MapNetwork.Pooled;
            float* to = isPooled ? _unpooled.Pointer : isLast ? _flat.Pointer : Inside(l + 1);
            int stride = isPooled || isLast ? layer.SizeOut * layer.Outputs : _layers[l + 1].RowStride;
            Convolution.Run(layer, _weights.Kernel(l), _weights.Bias(l), rectified: true, _inputs[l].Pointer, to, stride);
            if (isPooled)
                Pooling.Run(layer, to, Inside(l + 1), _layers[l + 1].RowStride);
        }

        Name(logits);
    }

    public void Dispose()
    {
        foreach (NativeBuffer<float> input in _inputs)
            input.Dispose();
        _unpooled.Dispose();
        _flat.Dispose();
    }

    private float* Inside(int layer) => _inputs[layer].Pointer + _layers[layer].FirstPixel;

    private void Name(float* logits)
    {
        float* weights = _weights.Dense1;
        float* bias = _weights.Bias1;
        Vector256<float> a = Vector256.Load(bias), b = Vector256.Load(bias + 8), c = Vector256.Load(bias + 16);
        for (int i = 0; i < MapNetwork.Flat; i++, weights += MapNetwork.Hidden)
        {
            Vector256<float> value = Vector256.Create(_flat.Pointer[i]);
            a = Vector256.FusedMultiplyAdd(value, Vector256.Load(weights), a);
            b = Vector256.FusedMultiplyAdd(value, Vector256.Load(weights + 8), b);
            c = Vector256.FusedMultiplyAdd(value, Vector256.Load(weights + 16), c);
        }

        float* hidden = stackalloc float[MapNetwork.Hidden];
        Vector256.Max(a, Vector256<float>.Zero).Store(hidden);
        Vector256.Max(b, Vector256<float>.Zero).Store(hidden + 8);
        Vector256.Max(c, Vector256<float>.Zero).Store(hidden + 16);
        int classes = _weights.Network.Classes.Count;
        for (int k = 0; k < classes; k++)
        {
            float sum = _weights.Bias2[k];
            for (int h = 0; h < MapNetwork.Hidden; h++)
                sum += hidden[h] * _weights.Dense2[h * classes + k];
            logits[k] = sum;
        }
    }
}
