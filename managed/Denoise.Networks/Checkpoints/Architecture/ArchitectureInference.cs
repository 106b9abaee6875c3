using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Architecture;

/// <summary>
/// Finds out of the tensors' names and shapes what a state dict does not say. Sizes of the embeddings, the number of layers and
/// the radial network can be read off. Irreps follow from counting: with n0 scalars, G gates and m_l gated channels of degree l,
/// <code>
/// gated components   sum m_l (2l+1)         = length of second.mul.output_mask
/// features           n0 + sum m_l (2l+1)    = length of lin1.output_mask
/// gates              G = sum m_l            = length of sc.output_mask - length of lin1.output_mask
/// lin1               n0^2 + sum m_l^2       = length of lin1.weight / dim z
/// </code>
/// in the last layer. Every solution, with every set of harmonics and both conventions of parity (all even; true), is tried as
/// a network; the one into which all tensors fit is the answer. Cutoff and neighbor count leave no trace in the shapes.
/// </summary>
internal sealed class ArchitectureInference(StateDict tensors, PartialConfig known)
{
    /// <summary>Networks that are tried before giving up and asking; the published ones need fewer than ten.</summary>
    private const int MaximumTrials = 512;

    /// <summary>Steps of the search for multiplicities.</summary>
    private const int MaximumSteps = 1 << 17;

    private const string CouplingMark = "._w3j_";

    private int _steps;

    /// <summary>What is known, completed as far as possible.</summary>
    /// <exception cref="InputException">what is known contradicts the tensors</exception>
    public PartialConfig Infer()
    {
        PartialConfig config = known.Or(ReadSizes()).WithPlainIrreps(tensors.Source);
        if (config is { Hidden: not null, Edge: not null, Output: not null })
            return config;
        return Search(config) ?? config;
    }

    private PartialConfig ReadSizes()
    {
        Tensor x = Matrix("init_embed.embed_node_x.weight"), z = Matrix("init_embed.embed_node_z.weight");
        int layers = 0;
        while (layers < 64 && tensors.TryGet($"interactions.{layers}.first.lin1.weight", out _))
            layers++;
        return new()
        {
            SpeciesCount = x.Shape[0],
            NodeEmbedding = $"{x.Shape[1]}x0e",
            AttributeEmbedding = $"{z.Shape[1]}x0e",
            LayerCount = layers,
            Radial = ReadRadial(),
        };
    }

    private List<int> ReadRadial()
    {
        List<int> sizes = [];
        while (tensors.TryGet($"interactions.0.first.mlp.layer{sizes.Count}.weight", out _))
            sizes.Add(Matrix($"interactions.0.first.mlp.layer{sizes.Count}.weight").Shape[0]);
        return sizes;
    }

    private Tensor Matrix(string name) => tensors.TryGet(name, out Tensor? tensor) && tensor.Shape.Count == 2
        ? tensor
        : throw new InputException($"{tensors.Source}: tensor '{name}' is missing or not a matrix; this is not a NequIP score network.");

    private int? Length(string name) => tensors.TryGet(name, out Tensor? tensor) ? tensor.Values.Length : null;

    /// <summary>The only irreps that fit; null where none or several do.</summary>
    private PartialConfig? Search(PartialConfig config)
    {
        PartialConfig? found = null;
        int trials = 0;
        foreach (PartialConfig candidate in Candidates(config))
        {
            if (++trials > MaximumTrials)
                return null;
            if (!Fits(candidate))
                continue;
            if (found is not null && found != candidate)
                return null;
            found = candidate;
        }

        return found;
    }

    private IEnumerable<PartialConfig> Candidates(PartialConfig config) =>
        from even in new[] { true, false }
        from hidden in config.Hidden is string h ? [h] : HiddenCandidates(even)
        from edge in config.Edge is string e ? [e] : EdgeCandidates(hidden, even)
        from output in config.Output is string o ? [o] : OutputCandidates(hidden)
        select config with { Hidden = hidden, Edge = edge, Output = output };

    private bool Fits(PartialConfig candidate)
    {
        try
        {
            // Lengths and the neighbor count are not in the shapes: any will do, and wrong ones are found later.
            PartialConfig shapes = candidate with { Cutoff = 1, NeighborCount = 1, ScaleLength = 0, ScaleNeighbors = 1 };
            return CouplingsFit(new(shapes.Complete(tensors.Source), tensors));
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>
    /// e3nn stores the Wigner 3j tensors of the convolution beside the weights, under names such as <c>_w3j_1_2_1</c>: they tell
    /// 1e x 1e -> 1e from 1o x 2e -> 1o, which have equal shapes.
    /// </summary>
    private bool CouplingsFit(NequipModel model)
    {
        HashSet<string> stored = [];
        foreach (string name in tensors.Tensors.Select(tensor => tensor.Name))
            if (name.Split(CouplingMark) is [string module, string degrees] && module.Split('.') is ["interactions", string layer, ..])
                stored.Add($"{layer}.{degrees}");
        if (stored.Count == 0)
            return true;
        // Couplings with a scalar are plain products and stored nowhere.
        HashSet<string> implied = [.. model.Layers.SelectMany((layer, k) => layer.ConvolutionPaths
            .Where(path => path.L1 > 0 && path.L2 > 0 && path.L3 > 0)
            .Select(path => $"{k}.{path.L1}_{path.L2}_{path.L3}"))];
        return stored.SetEquals(implied);
    }

    /// <summary>Scalars and gated channels, in the order of their degree.</summary>
    private IEnumerable<string> HiddenCandidates(bool even)
    {
        int last = 0, attributes = Matrix("init_embed.embed_node_z.weight").Shape[1];
        while (Length($"interactions.{last + 1}.first.lin1.weight") is not null)
            last++;
        string layer = $"interactions.{last}.";
        // The first layer's input is the embedding: only from the second on does lin1 see hidden features.
        if (last == 0 || Length(layer + "first.lin1.output_mask") is not int all
            || Length(layer + "first.sc.output_mask") is not int gateInput
            || Length(layer + "first.lin1.weight") is not int squares || attributes == 0 || squares % attributes != 0)
            return [];

        // Networks saved by others than e3nn may lack the gate's mask: then the number of scalars is one more unknown.
        int? gated = Length(layer + "second.mul.output_mask");
        List<string> found = [];
        for (int scalars = gated is null ? 0 : all - gated.Value; scalars >= 0 && scalars <= all; scalars++)
        {
            long sum = squares / attributes - (long)scalars * scalars;
            if (sum < 0)
                break;
            Distribute(1, all - scalars, (long)gateInput - all, sum, scalars > 0 ? $"{scalars}x0e" : "", even, found);
            if (gated is not null)
                break;
        }

        return found;
    }

    /// <summary>Every way to spread the channels left over degrees <paramref name="l"/> and up.</summary>
    private void Distribute(int l, long components, long channels, long squares, string text, bool even, List<string> found)
    {
        if (++_steps > MaximumSteps)
            return;
        if (channels <= 0)
        {
            if (channels == 0 && components == 0 && squares == 0)
                found.Add(text);
            return;
        }

        // m channels need at least 2l+1 components each, and squares between channels and channels^2.
        if (l > Irrep.LMax || components < channels * (2 * l + 1) || squares < channels || squares > channels * channels)
            return;
        for (long m = 0; m <= channels && m * m <= squares; m++)
        {
            string term = m == 0 ? "" : $"{(text.Length > 0 ? "+" : "")}{m}x{l}{Parity(l, even)}";
            Distribute(l + 1, components - m * (2 * l + 1), channels - m, squares - m * m, text + term, even, found);
        }
    }

    /// <summary>
    /// Sets of harmonics, l = 0 among them. The first layer, out of scalars, makes one irrep per harmonic that the hidden
    /// features contain, one component per channel and m. Harmonics that couple no two hidden irreps would change nothing and
    /// are left out.
    /// </summary>
    private IEnumerable<string> EdgeCandidates(string hidden, bool even)
    {
        Irreps features = Irreps.Parse(hidden);
        int channels = Matrix("init_embed.embed_node_x.weight").Shape[1];
        int? reached = Length("interactions.0.first.conv.output_mask");
        for (int set = 0; set < 1 << Irrep.LMax; set++)
        {
            Irrep[] harmonics = [Irrep.Scalar, .. Enumerable.Range(1, Irrep.LMax)
                .Where(l => (set >> (l - 1) & 1) != 0)
                .Select(l => new Irrep(l, even || l % 2 == 0 ? 1 : -1))];
            if (!harmonics.All(h => features.Any(a => features.Any(b => a.Irrep.CouplesTo(h, b.Irrep)))))
                continue;
            int dimension = harmonics.Where(h => h.L == 0 || features.Contains(h)).Sum(h => h.Dimension) * channels;
            if (reached is null || reached == dimension)
                yield return string.Join('+', harmonics.Select(h => $"1x{h}"));
        }
    }

    /// <summary>One irrep that the last features contain: a vector for a denoiser, several scalars for a classifier.</summary>
    private IEnumerable<string> OutputCandidates(string hidden)
    {
        int dimension = Length("out.output_mask") ?? 0;
        foreach (Irrep irrep in Irreps.Parse(hidden).Select(block => block.Irrep).Distinct())
            if (dimension > 0 && dimension % irrep.Dimension == 0)
                yield return $"{dimension / irrep.Dimension}x{irrep}";
    }

    private static char Parity(int l, bool even) => even || l % 2 == 0 ? 'e' : 'o';
}
