using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// A score network: weights and the structure that gives them meaning, without arithmetic. Engines read it; the arrays are
/// shared with the state dict it came from and must not change while an engine uses them.
/// <code>
/// x = node embedding[species], z = attribute embedding[species];  x = layer(x, z, edges) for every layer;  output = out(x, z)
/// </code>
/// Where forces are encoded, the first x is
/// <code>
/// x = node embedding[species] + force encoding(f)
/// </code>
/// </summary>
public sealed class NequipModel : IModel
{
    /// <summary>Name of <see cref="NodeTable"/> in the state dict.</summary>
    public const string NodeTableName = "init_embed.embed_node_x.weight";

    /// <summary>Name of <see cref="AttributeTable"/> in the state dict.</summary>
    public const string AttributeTableName = "init_embed.embed_node_z.weight";

    private readonly Recorder _recorder;

    /// <summary>The network of that configuration with those weights.</summary>
    /// <exception cref="InputException">the configuration is impossible, or a tensor is missing or does not fit (it is named)</exception>
    public NequipModel(NequipConfig config, StateDict state)
        : this(config, new StateDictSource(state), state.Source) { }

    private NequipModel(NequipConfig config, IParameterSource source, string origin)
    {
        NequipLimits.Check(config, origin);
        (Config, Origin) = (config, origin);
        _recorder = new(source);

        Hidden = HiddenIrreps.Parse(config.Hidden, config.LayerCount);
        Edge = ParseEdge(config.Edge);
        NodeEmbedding = Irreps.Parse(config.NodeEmbedding);
        AttributeEmbedding = Irreps.Parse(config.AttributeEmbedding);
        FullyConnectedProduct.RequireScalars(NodeEmbedding, "the node embedding");
        FullyConnectedProduct.RequireScalars(AttributeEmbedding, "the attribute embedding");

        NodeTable = _recorder.Take(NodeTableName, config.SpeciesCount, NodeEmbedding.Dimension);
        AttributeTable = _recorder.Take(AttributeTableName, config.SpeciesCount, AttributeEmbedding.Dimension);

        Irreps features = NodeEmbedding;
        if (config.ForceEncoding.Length > 0)
        {
            Forces = new(config, NodeEmbedding, Edge, origin, _recorder);
            features = Forces.Features;
        }

        Features = features;
        var layers = new List<InteractionLayer>();
        for (int k = 0; k < config.LayerCount; k++)
        {
            layers.Add(new(k, features, Hidden[k], Edge, AttributeEmbedding, config, _recorder));
            features = layers[^1].Output;
        }

        Layers = layers;
        Readout = new("out", features, AttributeEmbedding, Irreps.Parse(config.Output), _recorder);
        if (Readout.OutputMask.Length == 0 || Readout.OutputMask.Contains(0))
            throw new InputException($"{origin}: the output '{config.Output}' cannot be made of the last layer's '{features}'.");
        Heads = Head.Of(config, Readout.Output, origin);
        if (IsConservative && (IndexOfHead(Head.Logits) < 0 || IndexOfHead(Head.Displacement) >= 0))
            throw new InputException($"{origin}: a score_scale belongs to a network with logits and without a displacement, and this one " +
                $"predicts '{config.Output}'.");
        (source as StateDictSource)?.RequireAllTaken();
    }

    public NequipConfig Config { get; }

    /// <summary>Where it came from, for messages.</summary>
    public string Origin { get; }

    /// <summary>[layers] as asked for; a layer keeps of them what it can make.</summary>
    public IReadOnlyList<Irreps> Hidden { get; }

    /// <summary>Spherical harmonics of an edge, one channel each.</summary>
    public Irreps Edge { get; }

    public Irreps NodeEmbedding { get; }

    public Irreps AttributeEmbedding { get; }

    /// <summary>[SpeciesCount, NodeEmbedding.Dimension] x of every species.</summary>
    public float[] NodeTable { get; }

    /// <summary>How forces enter; null: the network is not told any.</summary>
    public ForceEncoding? Forces { get; }

    /// <summary>Node features that enter the first layer: the node embedding, or those of <see cref="Forces"/>.</summary>
    public Irreps Features { get; }

    /// <summary>[SpeciesCount, AttributeEmbedding.Dimension] z of every species.</summary>
    public float[] AttributeTable { get; }

    public IReadOnlyList<InteractionLayer> Layers { get; }

    /// <summary>Of the last layer's features; every block of its output is a head.</summary>
    public FullyConnectedProduct Readout { get; }

    /// <summary>Block after block of the output.</summary>
    public IReadOnlyList<Head> Heads { get; }

    public Irreps Output => Readout.Output;

    /// <summary>
    /// Whether displacements are the gradient of the logits' log-density: engines give <see cref="Head.OfScore"/> instead of the heads.
    /// </summary>
    public bool IsConservative => Config.ScoreScale > 0;

    public int SpeciesCount => Config.SpeciesCount;

    double IModel.Cutoff => Config.Cutoff;

    double IModel.Reach => Config.Cutoff;

    double IModel.NeighborCount => Config.NeighborCount;

    IReadOnlyList<string> IModel.Species => Config.Species;

    bool IModel.SpeciesAreRoles => Config.SpeciesAreRoles;

    double IModel.ScaleLength => Config.ScaleLength;

    int IModel.ScaleNeighbors => Config.ScaleNeighbors;

    string IModel.OutputText => Config.Output;

    /// <summary>Every parameter under its name in the state dict; the arrays are the model's own.</summary>
    public IReadOnlyList<Tensor> Parameters => _recorder.Parameters;

    /// <summary>Where a head is among <see cref="Heads"/>; -1: the network has none of that name.</summary>
    public int IndexOfHead(string name) => Head.IndexOf(Heads, name);

    /// <summary>A network of that configuration with random weights, ready to be trained.</summary>
    public static NequipModel CreateRandom(NequipConfig config, int seed) =>
        new(config, new RandomSource(new Random(seed)), $"random network (seed {seed})");

    /// <summary>Parameters, and the masks of the products under e3nn's names, which loaders of the published networks look for.</summary>
    public StateDict ToStateDict() => new(Origin, [.. _recorder.Parameters, .. _recorder.Masks]);

    private static Irreps ParseEdge(string text)
    {
        Irreps edge = Irreps.Parse(text);
        bool even = edge.All(block => block.Irrep.Parity == 1);
        bool natural = edge.All(block => block.Irrep.Parity == (block.L % 2 == 0 ? 1 : -1));
        if (edge.Count == 0 || edge.Any(block => block.Multiplicity != 1) || !(even || natural))
            throw new InputException($"the edge irreps '{text}' are not spherical harmonics: expected one channel per degree, with " +
                "parities all even (1x0e+1x1e+1x2e) or true (1x0e+1x1o+1x2e).");
        return edge;
    }

    /// <summary>Passes parameters through and remembers them by name.</summary>
    private sealed class Recorder(IParameterSource source) : IParameterSource
    {
        private long _taken;

        public List<Tensor> Parameters { get; } = [];

        public List<Tensor> Masks { get; } = [];

        public float[] Take(string name, params int[] shape)
        {
            NequipLimits.CheckWeights(_taken += shape.Aggregate(1L, (product, size) => product * size));
            float[] values = source.Take(name, shape);
            Parameters.Add(new(name, shape, values));
            return values;
        }

        public void CheckMask(string name, float[] expected)
        {
            source.CheckMask(name, expected);
            Masks.Add(new(name, [expected.Length], expected));
        }
    }
}
