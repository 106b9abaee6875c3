using System.Diagnostics.CodeAnalysis;
using Denoise.Atoms;

namespace Denoise.Networks.Models;

/// <summary>Tensors by name, in the order of the file: what PyTorch calls a state dict, with e3nn's parameter names.</summary>
public sealed class StateDict
{
    private readonly Dictionary<string, Tensor> _byName = new(StringComparer.Ordinal);
    private readonly List<Tensor> _ordered = [];

    /// <summary>Where the tensors came from, for messages.</summary>
    public string Source { get; }

    public StateDict(string source, IEnumerable<Tensor> tensors)
    {
        Source = source;
        foreach (Tensor tensor in tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor))
                throw new InputException($"{source}: tensor '{tensor.Name}' appears twice; the checkpoint is damaged.");
            _ordered.Add(tensor);
        }
    }

    public IReadOnlyList<Tensor> Tensors => _ordered;

    public bool TryGet(string name, [NotNullWhen(true)] out Tensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>The tensor of that name and number of values; an <see cref="InputException"/> names what is missing or misshapen.</summary>
    public Tensor Get(string name, int valueCount)
    {
        if (!TryGet(name, out Tensor? tensor))
            throw new InputException($"{Source}: tensor '{name}' is missing; this is not a network of the architecture that was given.");
        if (tensor.Values.Length != valueCount)
            throw new InputException(
                $"{Source}: tensor '{name}' has {tensor.Values.Length} values where the architecture needs {valueCount}.");
        return tensor;
    }
}
