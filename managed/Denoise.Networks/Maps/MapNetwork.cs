namespace Denoise.Networks.Maps;

/// <summary>
/// The convolutional network of the Neighbors Map (Allera et al., arXiv:2307.00978, appendix A; 26,490 weights for one channel and two
/// classes): weights and layers, without arithmetic.
/// <code>
/// conv 16 5x5, conv 32 3x3, max pool 2x2, conv 16 3x3, conv 16 3x3 stride 2, conv 32 2x2 stride 2,
/// dense 24, normalization, dense classes                                    ReLU behind each but the last two
/// </code>
/// Images keep their size where the stride is 1. Tensors are laid out for arithmetic, channels last: kernels [row, column, in, out].
/// </summary>
public sealed class MapNetwork
{
    public const int Hidden = 24;

    /// <summary>Values that come out of the convolutions.</summary>
    public const int Flat = 512;

    /// <summary>Of the variance in the normalization.</summary>
    public const float Epsilon = 1e-3f;

    /// <summary>Convolution after which 2 x 2 pixels become their largest.</summary>
    public const int Pooled = 1;

    private readonly Dictionary<string, float[]> _tensors;

    /// <param name="settings">of the images</param>
    /// <param name="classes">names of the logits, all different</param>
    /// <param name="tensors">the values of <see cref="ShapesOf"/>; kept</param>
    /// <exception cref="ArgumentException">a tensor is missing or misshapen</exception>
    public MapNetwork(MapSettings settings, IReadOnlyList<string> classes, Dictionary<string, float[]> tensors)
    {
        (Settings, Classes, _tensors) = (settings, classes, tensors);
        Convolutions = ConvolutionsOf(settings.Channels);
        foreach ((string name, int[] shape) in ShapesOf(settings.Channels, classes.Count))
            if (!tensors.TryGetValue(name, out float[]? values) || values.Length != shape.Aggregate(1, (product, n) => product * n))
                throw new ArgumentException($"tensor '{name}' is missing, or has not the shape [{string.Join(", ", shape)}]");
    }

    public MapSettings Settings { get; }

    /// <summary>Names of the logits.</summary>
    public IReadOnlyList<string> Classes { get; }

    public IReadOnlyList<ConvolutionShape> Convolutions { get; }

    /// <summary>The values of a tensor by its name; live.</summary>
    public float[] this[string name] => _tensors[name];

    /// <summary>Every tensor and its shape, in the order of files.</summary>
    public static IEnumerable<(string Name, int[] Shape)> ShapesOf(int channels, int classes)
    {
        foreach (ConvolutionShape layer in ConvolutionsOf(channels))
        {
            yield return ($"{layer.Name}.weight", [layer.Kernel, layer.Kernel, layer.Inputs, layer.Outputs]);
            yield return ($"{layer.Name}.bias", [layer.Outputs]);
        }

        yield return ("dense1.weight", [Flat, Hidden]);
        yield return ("dense1.bias", [Hidden]);
        yield return ("norm.weight", [Hidden]);
        yield return ("norm.bias", [Hidden]);
        yield return ("norm.running_mean", [Hidden]);
        yield return ("norm.running_var", [Hidden]);
        yield return ("dense2.weight", [Hidden, classes]);
        yield return ("dense2.bias", [classes]);
    }

    private static ConvolutionShape[] ConvolutionsOf(int channels) =>
    [
        new("conv1", 32, channels, 16, 5, 1, 2, 2),
        new("conv2", 32, 16, 32, 3, 1, 1, 1),
        new("conv3", 16, 32, 16, 3, 1, 1, 1),
        new("conv4", 16, 16, 16, 3, 2, 0, 1),
        new("conv5", 8, 16, 32, 2, 2, 0, 0),
    ];
}
