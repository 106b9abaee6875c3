using Denoise.Atoms;
using Denoise.Networks.Checkpoints.Pickle;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Architecture;

/// <summary>
/// The architecture of a pickled NequIP module of LLNL/graphite, out of its attributes: irreps are objects of e3nn, the cutoff
/// belongs to the radial basis of the initial embedding, the neighbor count to each interaction. Parts that this library would
/// compute differently (another radial basis, another activation) are refused rather than misread.
/// </summary>
internal sealed class ModuleConfig(string source, PickleObject module)
{
    public PartialConfig Read()
    {
        (double? cutoff, int? size, RadialBasis? basis) = ReadRadialBasis();
        CheckActivations();
        return new()
        {
            Hidden = ReadIrreps("irreps_hidden"),
            Edge = ReadIrreps("irreps_edge"),
            Output = ReadIrreps("irreps_out"),
            NodeEmbedding = ReadIrreps("irreps_node_x"),
            AttributeEmbedding = ReadIrreps("irreps_node_z"),
            LayerCount = Count("num_convs", module.Attribute("num_convs")),
            Cutoff = cutoff,
            NeighborCount = ReadNeighborCount(),
            Radial = ReadRadialSizes(size),
            Basis = basis,
        };
    }

    /// <summary>Irreps((_MulIr((mul, Irrep((l, p)))), ...)): each a subclass of tuple, pickled as a call with its items.</summary>
    private string? ReadIrreps(string name)
    {
        object? value = module.Attribute(name);
        if (value is null)
            return null;
        List<string> terms = [];
        if (value is PickleObject { Class.Name: "Irreps", Arguments: PickleTuple { Items: [PickleTuple { Items: var items }] } })
            foreach (object? item in items)
            {
                if (item is not PickleObject { Arguments: PickleTuple { Items: [PickleTuple { Items: [long mul, PickleObject irrep] }] } }
                    || irrep is not { Arguments: PickleTuple { Items: [PickleTuple { Items: [long l, long p and (1 or -1)] }] } })
                    throw NotUnderstood(name);
                terms.Add($"{mul}x{l}{(p > 0 ? 'e' : 'o')}");
            }
        else if (value is string text)
            return text;
        else
            throw NotUnderstood(name);
        return string.Join('+', terms);
    }

    /// <summary>
    /// functools.partial(bessel, start=0, end=cutoff, num_basis=n) in denoisers. The classifier has plain attributes, and what it does
    /// with them is code that the file does not hold: its lattices say that it is e3nn's smooth_finite (PublishedClassifier).
    /// </summary>
    private (double? Cutoff, int? Count, RadialBasis? Basis) ReadRadialBasis()
    {
        if (ModuleTree.Find(module, "init_embed") is not PickleObject embedding)
            return (null, null, null);
        if (embedding.Attribute("embed_edge") is not PickleObject { State: PickleTuple { Items: [var function, _, PickleDict named, ..] } })
            return (Number(embedding.Attribute("cutoff")), Count("num_edge_basis", embedding.Attribute("num_edge_basis")),
                RadialBasis.SmoothFinite);
        if (function is not PickleGlobal { Name: "bessel" })
            throw new InputException($"{source}: its radial basis is '{function}'; only Bessel functions (graphite.nn.basis.bessel) " +
                "are supported.");
        if (Number(named.Get("start")) is not (null or 0))
            throw new InputException($"{source}: its radial basis begins at {named.Get("start")} Å; only 0 is supported.");
        return (Number(named.Get("end")), Count("num_basis", named.Get("num_basis")), RadialBasis.Bessel);
    }

    private double? ReadNeighborCount()
    {
        double? first = null;
        for (int k = 0; ModuleTree.Find(module, $"interactions.{k}.first") is PickleObject layer; k++)
        {
            double? count = Number(layer.Attribute("num_neighbors"));
            if (k > 0 && count != first)
                throw new InputException($"{source}: its layers divide by different neighbor counts ({first}, {count}); " +
                    "only one count for all is supported.");
            first = count;
        }

        return first;
    }

    /// <summary>hs = [basis, hidden ..., weights]: all but the last, which follows from the irreps.</summary>
    private int[]? ReadRadialSizes(int? basis)
    {
        if (ModuleTree.Find(module, "interactions.0.first.mlp")?.Attribute("hs") is not PickleList { Items: { Count: >= 2 } sizes })
            return null;
        int[] radial = [.. sizes.SkipLast(1).Select(size => size is long and >= 0 and <= int.MaxValue
            ? (int)(long)size
            : throw NotUnderstood("mlp.hs"))];
        return basis is null || basis == radial[0]
            ? radial
            : throw new InputException($"{source}: its radial basis has {basis} functions but its radial network takes {radial[0]}.");
    }

    /// <summary>Radial network: SiLU. Gates: SiLU and tanh on scalars, sigmoid and tanh on gates, by parity.</summary>
    private void CheckActivations()
    {
        for (int k = 0; ModuleTree.Find(module, $"interactions.{k}") is PickleObject layer; k++)
        {
            for (int n = 0; ModuleTree.Find(layer, $"first.mlp.layer{n}") is PickleObject linear; n++)
                Require(ModuleTree.Find(linear, "act"), "silu");
            for (int n = 0; ModuleTree.Find(layer, $"second.act_scalars.acts.{n}") is PickleObject act; n++)
                Require(act, "silu", "tanh");
            for (int n = 0; ModuleTree.Find(layer, $"second.act_gates.acts.{n}") is PickleObject act; n++)
                Require(act, "sigmoid", "tanh");
        }
    }

    /// <summary>The function is a name, or getattr(torch._C._VariableFunctionsClass, name).</summary>
    private void Require(PickleObject? activation, params string[] allowed)
    {
        string? name = activation?.Attribute("f") switch
        {
            PickleGlobal global => global.Name,
            PickleObject { Class.Name: "getattr", Arguments: PickleTuple { Items: [_, string attribute] } } => attribute,
            _ => null,
        };
        if (name is not null && !allowed.Contains(name))
            throw new InputException($"{source}: uses the activation '{name}' where {string.Join(" or ", allowed)} is supported.");
    }

    private int? Count(string name, object? value) => value switch
    {
        long and >= 0 and <= int.MaxValue => (int)(long)value,
        long => throw NotUnderstood(name),
        _ => null,
    };

    private static double? Number(object? value) => value switch
    {
        double number => number,
        long integer => integer,
        _ => null,
    };

    private InputException NotUnderstood(string name) =>
        new($"{source}: attribute '{name}' of its module is not of the expected kind; save the state dict and give the " +
            "configuration beside it.");
}
