using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Pickle;

/// <summary>
/// The tensors of a pickled <c>torch.nn.Module</c> under the names that its <c>state_dict()</c> would give: parameters, then
/// persistent buffers, then sub-modules, depth first. Parts compiled by TorchScript are stored as opaque bytes; they hold
/// constants (Wigner 3j) only and are left alone.
/// </summary>
internal sealed class ModuleTree
{
    private readonly string _source;
    private readonly List<KeyValuePair<string, object?>> _tensors = [];
    private readonly HashSet<PickleObject> _open = [];
    private int _visited;

    private ModuleTree(string source) => _source = source;

    public static bool IsModule(object? value) =>
        value is PickleObject { State: PickleDict state } && state.Get("_modules") is PickleDict && state.Get("_parameters") is PickleDict;

    /// <exception cref="InputException">the modules contain themselves, nest too deep or are too many</exception>
    public static List<KeyValuePair<string, object?>> Tensors(string source, PickleObject module)
    {
        ModuleTree tree = new(source);
        tree.Visit(module, "", 0);
        return tree._tensors;
    }

    /// <summary>The sub-module at a dotted path, e.g. <c>interactions.0.first</c>, or null.</summary>
    public static PickleObject? Find(PickleObject module, string path)
    {
        PickleObject? current = module;
        foreach (string name in path.Split('.'))
            current = (current?.Attribute("_modules") as PickleDict)?.Get(name) as PickleObject;
        return current;
    }

    private void Visit(PickleObject module, string prefix, int depth)
    {
        if (depth > CheckpointLimits.ModuleDepth || ++_visited > CheckpointLimits.Modules || !_open.Add(module))
            throw new InputException($"{_source}: its modules nest too deep, are too many or contain themselves (at " +
                $"'{prefix[..Math.Min(prefix.Length, 80)]}'); save the state dict instead of the whole module.");

        AddTensors(module.Attribute("_parameters"), prefix, null);
        AddTensors(module.Attribute("_buffers"), prefix, Names(module.Attribute("_non_persistent_buffers_set")));
        if (module.Attribute("_modules") is PickleDict modules)
            foreach ((object? key, object? value) in modules.Entries)
                if (key is string name && IsModule(value))
                    Visit((PickleObject)value!, $"{prefix}{name}.", depth + 1);
        _open.Remove(module);
    }

    private void AddTensors(object? tensors, string prefix, HashSet<string>? except)
    {
        if (tensors is not PickleDict dict)
            return;
        // A registered but unset parameter (no bias, say) is None and has no place in a state dict.
        foreach ((object? key, object? value) in dict.Entries)
            if (key is string name && value is not null && except?.Contains(name) != true)
                _tensors.Add(new(prefix + name, value));
        if (_tensors.Count > CheckpointLimits.Tensors)
            throw new InputException($"{_source}: holds more than {CheckpointLimits.Tensors:N0} tensors; this is no score network.");
    }

    private static HashSet<string> Names(object? set) =>
        set is PickleList list ? [.. list.Items.OfType<string>()] : [];
}
