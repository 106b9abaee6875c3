using Denoise.Atoms.Memory;
using Denoise.Networks.Maps;

namespace Denoise.Training.Maps;

/// <summary>
/// The convolutions of a <see cref="MapNetwork"/> for one image, forwards and backwards, with all that lies between kept: what
/// <see cref="MapGradient"/> has one of per image of a batch.
/// </summary>
internal sealed unsafe class MapPass : IDisposable
{
    private readonly IReadOnlyList<ConvolutionShape> _layers;
    private readonly NativeBuffer<float>[] _inputs;
    private readonly NativeBuffer<float>[] _outputs;
    private readonly NativeBuffer<float>[] _back;
    private readonly NativeBuffer<float>[] _spread;
    private readonly NativeBuffer<float> _pooledBack;

    public MapPass(IReadOnlyList<ConvolutionShape> layers)
    {
        _layers = layers;
        _inputs = [.. layers.Select(layer => Cleared(layer.InputLength))];
        _outputs = [.. layers.Select(layer => Cleared(layer.OutputLength))];
        _back = [.. layers.Select(layer => Cleared(layer.OutputLength))];
        _spread = [.. layers.Select((layer, l) => Cleared(l == 0 ? 0 : ConvolutionGradient.Turned(layer).InputLength))];
        _pooledBack = Cleared(layers[MapNetwork.Pooled].OutputLength / 4);
    }

    /// <summary>[Flat] what the convolutions made, rectified.</summary>
    public float* Flat => _outputs[^1].Pointer;

    /// <summary>[Flat] dL/d<see cref="Flat"/>, for the caller to fill.</summary>
    public float* FlatBack => _back[^1].Pointer;

    /// <param name="image">[Size, Size, channels]</param>
    /// <param name="weights">[layers] kernels</param>
    /// <param name="biases">[layers]</param>
    public void Forward(ReadOnlySpan<float> image, float*[] weights, float*[] biases)
    {
        fixed (float* from = image)
            Place(from, 0);
        for (int l = 0; l < _layers.Count; l++)
        {
            ConvolutionShape layer = _layers[l];
            float* output = _outputs[l].Pointer;
            Convolution.Run(layer, weights[l], biases[l], rectified: true, _inputs[l].Pointer, output, layer.SizeOut * layer.Outputs);
            if (l == MapNetwork.Pooled)
                Pooling.Run(layer, output, Inside(l + 1), _layers[l + 1].RowStride);
            else if (l + 1 < _layers.Count)
                Place(output, l + 1);
        }
    }

    /// <summary>Adds dL/dweights and dL/dbiases.</summary>
    /// <param name="turned">[layers] kernels of <see cref="ConvolutionGradient.Turned"/>; the first is not read</param>
    /// <param name="weights">[layers] receive</param>
    /// <param name="biases">[layers] receive</param>
    /// <param name="zero">[at least 32] zeros</param>
    public void Backward(float*[] turned, float*[] weights, float*[] biases, float* zero)
    {
        for (int l = _layers.Count - 1; l >= 0; l--)
        {
            ConvolutionShape layer = _layers[l];
            float* back = _back[l].Pointer, output = _outputs[l].Pointer;
            for (int i = 0; i < layer.OutputLength; i++)
                back[i] = output[i] > 0 ? back[i] : 0;
            ConvolutionGradient.ToWeights(layer, _inputs[l].Pointer, back, weights[l], biases[l]);
            if (l == 0)
                return;
            ConvolutionShape way = ConvolutionGradient.Turned(layer);
            Spread(layer, way, back, _spread[l].Pointer);
            bool isPooled = l - 1 == MapNetwork.Pooled;
            float* to = isPooled ? _pooledBack.Pointer : _back[l - 1].Pointer;
            Convolution.Run(way, turned[l], zero, rectified: false, _spread[l].Pointer, to, layer.Size * layer.Inputs);
            if (isPooled)
                Unpool(_layers[l - 1], _outputs[l - 1].Pointer, to, _back[l - 1].Pointer);
        }
    }

    public void Dispose()
    {
        foreach (NativeBuffer<float> buffer in (NativeBuffer<float>[])[.. _inputs, .. _outputs, .. _back, .. _spread, _pooledBack])
            buffer.Dispose();
    }

    private static NativeBuffer<float> Cleared(int length)
    {
        NativeBuffer<float> buffer = new(length);
        buffer.Clear();
        return buffer;
    }

    /// <summary>Rows of an image between the zeros of a layer.</summary>
    private void Place(float* image, int l)
    {
        ConvolutionShape layer = _layers[l];
        int row = layer.Size * layer.Inputs;
        for (int y = 0; y < layer.Size; y++)
            new ReadOnlySpan<float>(image + y * row, row).CopyTo(new(Inside(l) + y * layer.RowStride, row));
    }

    private float* Inside(int l) => _inputs[l].Pointer + _layers[l].FirstPixel;

    /// <summary>To the largest of four, the first of equal ones.</summary>
    private static void Unpool(ConvolutionShape layer, float* image, float* pooled, float* back)
    {
        int channels = layer.Outputs, row = layer.SizeOut * channels;
        new Span<float>(back, layer.OutputLength).Clear();
        for (int y = 0; y < layer.SizeOut / 2; y++)
            for (int x = 0; x < layer.SizeOut / 2; x++)
                for (int c = 0; c < channels; c++)
                {
                    int first = 2 * y * row + 2 * x * channels + c, best = first;
                    best = image[first + channels] > image[best] ? first + channels : best;
                    best = image[first + row] > image[best] ? first + row : best;
                    best = image[first + row + channels] > image[best] ? first + row + channels : best;
                    back[best] = pooled[(y * (layer.SizeOut / 2) + x) * channels + c];
                }
    }

    private static void Spread(ConvolutionShape layer, ConvolutionShape way, float* back, float* spread)
    {
        int channels = layer.Outputs;
        for (int y = 0; y < layer.SizeOut; y++)
            for (int x = 0; x < layer.SizeOut; x++)
                new ReadOnlySpan<float>(back + (y * layer.SizeOut + x) * channels, channels).CopyTo(new(
                    spread + ((way.Before + y * layer.Stride) * way.Padded + way.Before + x * layer.Stride) * channels, channels));
    }
}
