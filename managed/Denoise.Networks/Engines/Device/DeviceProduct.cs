using System.Numerics;
using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Networks.Engines.Simd.Layout;

namespace Denoise.Networks.Engines.Device;

/// <summary>Products of rows with the matrices of their species: a kernel for every irrep of what comes out.</summary>
internal sealed class DeviceProduct : IDisposable
{
    private readonly Denoise.Devices.Device _device;
    private readonly List<(Kernel Kernel, ProductArguments Arguments)> _passes = [];
    private readonly DeviceMemory<float> _weights;

    /// <param name="device">borrowed</param>
    /// <param name="first">of the first input</param>
    /// <param name="second">of the second input, with the same outputs; null: nothing</param>
    /// <param name="constants">[species][group][channel] what is added to scalars; null: nothing</param>
    /// <param name="isScaled">of a group of outputs: whether the atoms' factors multiply what the first input contributes</param>
    /// <param name="speciesCount">of the model</param>
    /// <param name="isOfAtoms">rows that leave have the numbers of their atoms, not of their places among those that are evaluated</param>
    public DeviceProduct(Denoise.Devices.Device device, FoldedWeights first, FoldedWeights? second, double[][][]? constants,
        Func<IrrepGroup, bool> isScaled, int speciesCount, bool isOfAtoms = false)
    {
        _device = device;
        int length = 0;
        IReadOnlyList<IrrepGroup> groups = first.Output.Groups;
        foreach (IrrepGroup group in groups)
        {
            IrrepGroup from = Input(first, group), other = second is null ? default : Input(second, group);
            ProductArguments arguments = new()
            {
                Channels = group.Channels,
                Input = from.Offset,
                InputChannels = from.Channels,
                Second = other.Offset,
                SecondChannels = other.Channels,
                Output = group.Offset,
                OutputStride = group.Channels,
                Weights = length,
                Constants = -1,
                IsScaled = isScaled(group) ? 1 : 0,
                IsOfAtoms = isOfAtoms ? 1 : 0,
            };
            length += group.Channels * (from.Channels + other.Channels);
            if (constants is not null && group.L == 0)
                (arguments.Constants, length) = (length, length + group.Channels);
            _passes.Add((device.Load($"product-{group.L}"), arguments));
        }

        float[] weights = new float[speciesCount * length];
        for (int s = 0; s < speciesCount; s++)
            for (int g = 0; g < groups.Count; g++)
            {
                ProductArguments pass = _passes[g].Arguments;
                Span<float> own = weights.AsSpan(s * length);
                int inputs = pass.InputChannels + pass.SecondChannels;
                for (int w = 0; w < pass.Channels; w++)
                {
                    for (int u = 0; u < pass.InputChannels; u++)
                        own[pass.Weights + w * inputs + u] = (float)first.Of(s)[g][u * pass.Channels + w];
                    for (int u = 0; u < pass.SecondChannels; u++)
                        own[pass.Weights + w * inputs + pass.InputChannels + u] = (float)second!.Of(s)[g][u * pass.Channels + w];
                    if (pass.Constants >= 0)
                        own[pass.Constants + w] = w < constants![s][g].Length ? (float)constants[s][g][w] : 0;
                }
            }

        for (int g = 0; g < _passes.Count; g++)
            _passes[g] = (_passes[g].Kernel, _passes[g].Arguments with { WeightsPerSpecies = length });
        _weights = new(device);
        _weights.Resize(weights.Length);
        _weights.Write(weights);
    }

    public long MemoryBytes => _weights.CapacityBytes;

    /// <summary>Computes all irreps for some atoms.</summary>
    /// <param name="first">of the evaluated atoms</param>
    /// <param name="atoms">number of them</param>
    /// <param name="graph">of the atoms</param>
    /// <param name="input">rows of the first input</param>
    /// <param name="second">rows of the second input</param>
    /// <param name="factors">of the atoms</param>
    /// <param name="output">rows that leave</param>
    public void Run(
        int first, int atoms, DeviceGraph graph, in DeviceRows input, in DeviceRows second, DeviceView factors, in DeviceRows output)
    {
        foreach ((Kernel kernel, ProductArguments pass) in _passes)
        {
            ProductArguments arguments = pass;
            (arguments.First, arguments.Atoms) = (first, atoms);
            (arguments.InputFirst, arguments.InputLength) = (input.First, input.Length);
            (arguments.SecondFirst, arguments.SecondLength) = (second.First, second.Length);
            (arguments.OutputFirst, arguments.OutputLength) = (output.First, output.Length);
            _device.Launch(kernel, (long)atoms * pass.Channels, arguments, input.Memory.As<Vector4>(), second.Memory.As<Vector4>(),
                _weights.As<Vector4>(), _weights.View, factors, graph.Species.View, graph.Active.View, output.Memory.View);
        }
    }

    public void Dispose() => _weights.Dispose();

    private static IrrepGroup Input(FoldedWeights product, IrrepGroup group) =>
        product.Input.IndexOf(group.Irrep) is var from and >= 0 ? product.Input.Groups[from] : default;
}
