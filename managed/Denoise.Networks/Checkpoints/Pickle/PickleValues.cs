namespace Denoise.Networks.Checkpoints.Pickle;

/// <summary>The name of a Python class or function; only the name, nothing is ever looked up or called.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>
/// What Python would have made by calling <see cref="Callable"/>: an inert record of the call and of what was stored into the
/// result. Reading it has no effect beyond reading.
/// </summary>
internal sealed class PickleObject(object? callable, object? arguments)
{
    /// <summary>Usually a <see cref="PickleGlobal"/>.</summary>
    public object? Callable { get; } = callable;

    public object? Arguments { get; } = arguments;

    /// <summary>The operand of BUILD: the instance's dictionary.</summary>
    public object? State { get; set; }

    /// <summary>What was appended to or set on it.</summary>
    public List<object?>? Items { get; set; }

    public PickleGlobal? Class => Callable as PickleGlobal;

    /// <summary>The attribute of an instance, or null.</summary>
    public object? Attribute(string name) => State is PickleDict state && state.TryGet(name, out object? value) ? value : null;
}

/// <summary>A tuple.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public static readonly PickleTuple Empty = new([]);

    public object?[] Items { get; } = items;
}

/// <summary>A list, or a set in the order of the file.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A dictionary in the order of the file. Lookup is by string key; a later value of a key replaces the earlier one.</summary>
internal sealed class PickleDict
{
    private Dictionary<string, int>? _byName;
    private List<KeyValuePair<object?, object?>>? _entries;

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries =>
        (IReadOnlyList<KeyValuePair<object?, object?>>?)_entries ?? [];

    public int Count => _entries?.Count ?? 0;

    public void Set(object? key, object? value)
    {
        _entries ??= [];
        if (key is string name)
        {
            _byName ??= new(StringComparer.Ordinal);
            if (_byName.TryGetValue(name, out int index))
            {
                _entries[index] = new(key, value);
                return;
            }

            _byName.Add(name, _entries.Count);
        }

        _entries.Add(new(key, value));
    }

    public bool TryGet(string key, out object? value)
    {
        if (_byName is not null && _byName.TryGetValue(key, out int index))
        {
            value = _entries![index].Value;
            return true;
        }

        value = null;
        return false;
    }

    public object? Get(string key) => TryGet(key, out object? value) ? value : null;
}

/// <summary>A tensor's raw block in the archive.</summary>
/// <param name="Key">its name under <c>data/</c></param>
/// <param name="Type">type of its elements</param>
/// <param name="Count">number of elements that the pickle claims</param>
internal sealed record PickleStorage(string Key, ElementType Type, long Count);

/// <summary>A view of a storage: element (i, j, ...) lies at Offset + i Strides[0] + j Strides[1] + ...</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Sizes, long[] Strides);
