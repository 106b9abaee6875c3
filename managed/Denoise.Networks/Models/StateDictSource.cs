using Denoise.Atoms;

namespace Denoise.Networks.Models;

/// <summary>Parameters out of a checkpoint; every misfit is an <see cref="InputException"/> that names the tensor.</summary>
internal sealed class StateDictSource(StateDict state) : IParameterSource
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public float[] Take(string name, params int[] shape)
    {
        Tensor tensor = state.Get(name, shape.Aggregate(1, (product, size) => product * size));
        // A transposed matrix has the right number of values and the wrong meaning.
        if (!tensor.Shape.SequenceEqual(shape))
            throw new InputException($"{state.Source}: tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}] where the " +
                $"architecture needs [{string.Join(", ", shape)}].");
        int bad = Array.FindIndex(tensor.Values, value => !float.IsFinite(value));
        if (bad >= 0)
            throw new InputException($"{state.Source}: tensor '{name}' holds {tensor.Values[bad]} at index {bad}; " +
                "the network was saved after its training had diverged.");
        _taken.Add(name);
        return tensor.Values;
    }

    public void CheckMask(string name, float[] expected)
    {
        if (state.TryGet(name, out Tensor? mask) && !mask.Values.AsSpan().SequenceEqual(expected))
            throw new InputException(
                $"{state.Source}: '{name}' differs from what the irreps imply; the configuration does not belong to these weights.");
    }

    /// <summary>Weights that no layer asked for mean that the configuration describes a smaller network.</summary>
    public void RequireAllTaken()
    {
        foreach (Tensor tensor in state.Tensors)
            if (tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && tensor.Values.Length > 0 && !_taken.Contains(tensor.Name))
                throw new InputException($"{state.Source}: tensor '{tensor.Name}' has no place in the network; " +
                    "the configuration does not belong to these weights.");
    }
}
