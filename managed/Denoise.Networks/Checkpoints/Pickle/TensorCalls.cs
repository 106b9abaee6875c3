using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Pickle;

/// <summary>
/// The closed list of calls that are carried out: those that PyTorch writes around tensors and containers. They only arrange
/// values already read; every other call stays a <see cref="PickleObject"/>.
/// </summary>
internal sealed class TensorCalls(string source)
{
    /// <summary>The result of <paramref name="callable"/>(*<paramref name="arguments"/>), inert where it is not on the list.</summary>
    public object? Call(object? callable, object? arguments)
    {
        if (callable is PickleGlobal global && arguments is PickleTuple { Items: var items })
        {
            switch (global.Module, global.Name)
            {
                case ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor"):
                    return (object?)RebuildTensor(items) ?? new PickleObject(callable, arguments);
                case ("torch._utils", "_rebuild_parameter" or "_rebuild_parameter_with_state") when items is [PickleTensor tensor, ..]:
                    return tensor;
                case ("collections", "OrderedDict") when items.Length == 0:
                    return new PickleDict();
                case ("torch", "Size") when items is [PickleTuple sizes]:
                    return sizes;
                // The list itself becomes the set: a copy per call would let a short file make long work.
                case ("builtins" or "__builtin__", "set" or "frozenset") when items is [PickleList list]:
                    return list;
                default:
                    break;
            }
        }

        return new PickleObject(callable, arguments);
    }

    /// <summary>A storage out of a persistent id: ('storage', torch.FloatStorage, key, location, element count).</summary>
    public object PersistentLoad(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal type, string key, _, long count, ..] })
            throw new InputException($"{source}: holds a reference that PyTorch does not write (expected a tensor's storage); " +
                "the file is damaged or not a PyTorch checkpoint.");
        if (count < 0)
            throw new InputException($"{source}: storage '{key}' claims {count} elements; the file is damaged.");
        // A storage of another type (complex, quantized) matters only if a weight lies in it: then the tensor is missing by name.
        return type.Module is "torch" or "torch.storage" or "torch.cuda" && ElementTypes.OfStorage(type.Name) is ElementType element
            ? new PickleStorage(key, element, count)
            : new PickleObject(type, id);
    }

    private PickleTensor? RebuildTensor(object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, PickleTuple sizes, PickleTuple strides, ..])
            return null;
        if (sizes.Items.Length != strides.Items.Length || sizes.Items.Length > CheckpointLimits.TensorDimensions)
            throw Damaged(storage, $"{sizes.Items.Length} sizes and {strides.Items.Length} strides");
        return new(storage, offset, Integers(storage, sizes.Items), Integers(storage, strides.Items));
    }

    private long[] Integers(PickleStorage storage, object?[] items)
    {
        long[] values = new long[items.Length];
        for (int i = 0; i < items.Length; i++)
            values[i] = items[i] is long value ? value : throw Damaged(storage, "a size or stride that is not an integer");
        return values;
    }

    private InputException Damaged(PickleStorage storage, string what) =>
        new($"{source}: a tensor on storage '{storage.Key}' has {what}; the file is damaged.");
}
