using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// Which kernels run for a layer, on which channels, and where its radial weights and sums lie. Paths whose output nobody wants
/// are left out; a path that a kernel computes but the network does not have gets weights of zero and spare sums.
/// </summary>
internal sealed unsafe class ConvolutionPlan : IDisposable
{
    private const int WidestRun = 16;

    // (l2, l3) of every kernel's paths in the order of its slots; kernels with optional paths come with them first.
    private static readonly (PassKind Kind, int L1, (int L2, int L3)[] Paths)[][] Families =
    [
        [(PassKind.ScalarToAll, 0, [(0, 0), (1, 1), (2, 2)]), (PassKind.ScalarToLow, 0, [(0, 0), (1, 1)])],
        [
            (PassKind.VectorToLowWithOdd, 1, [(0, 1), (1, 0), (2, 1), (1, 1)]),
            (PassKind.VectorToLow, 1, [(0, 1), (1, 0), (2, 1)])
        ],
        [(PassKind.VectorToRank2WithOdd, 1, [(1, 2), (2, 2)]), (PassKind.VectorToRank2, 1, [(1, 2)])],
        [(PassKind.TensorToLowWithOdd, 2, [(1, 1), (2, 0), (2, 1)]), (PassKind.TensorToLow, 2, [(1, 1), (2, 0)])],
        [(PassKind.TensorToRank2, 2, [(0, 2), (2, 2)])],
        [(PassKind.TensorToRank2Odd, 2, [(1, 2)])],
    ];

    private readonly NativeArray<ConvolutionPass> _passes;

    public ConvolutionPlan(InteractionLayer layer, ChannelLayout input, Func<Irrep, bool> isWanted, SimdWidth width)
    {
        var paths = new Dictionary<(int Group, int L2, int L3), PathPlace>();
        Aggregate = new();
        for (int g = 0; g < input.Groups.Count; g++)
            foreach (var path in layer.ConvolutionPaths
                .Where(path => layer.Input[path.InputSlot].Irrep == input.Groups[g].Irrep)
                .Where(path => isWanted(layer.Convolution[path.OutputSlot].Irrep))
                .GroupBy(path => (path.L2, path.L3)))
                paths.Add((g, path.Key.L2, path.Key.L3), Place(layer, [.. path]));
        Aggregate.Complete();

        var columns = new List<RadialColumn>();
        var passes = new List<ConvolutionPass>();
        for (int g = 0; g < input.Groups.Count; g++)
            foreach (var family in Families.Where(family => family[0].L1 == input.Groups[g].L))
            {
                // The smallest kernel that computes all of the family's paths that exist.
                int Present((int L2, int L3)[] all) => all.Count(path => paths.ContainsKey((g, path.L2, path.L3)));
                var kernel = family.Last(candidate => Present(candidate.Paths) == Present(family[0].Paths));
                if (Present(kernel.Paths) == 0)
                    continue;
                PathPlace?[] places = [.. kernel.Paths.Select(path =>
                    paths.TryGetValue((g, path.L2, path.L3), out PathPlace? place) ? place : null)];
                for (int first = 0, channels; first < input.Groups[g].Channels; first += channels)
                {
                    channels = LaneSplit.Take(input.Groups[g].Channels - first, width);
                    passes.Add(new()
                    {
                        Kernel = KernelTable.Convolution(kernel.Kind, channels, width),
                        Input = input.Groups[g].Offset + first,
                        InputStride = input.Groups[g].Channels,
                        Weights = columns.Count,
                        First = Slot(places, 0, first),
                        Second = Slot(places, 1, first),
                        Third = Slot(places, 2, first),
                        Fourth = Slot(places, 3, first),
                    });
                    for (int p = 0; p < places.Length; p++)
                        for (int u = first; u < first + channels; u++)
                            columns.Add(places[p] is { } place && u < place.Outputs.Length
                                ? new(place.Outputs[u], CouplingFactors.Get(kernel.L1, kernel.Paths[p].L2, kernel.Paths[p].L3))
                                : default);
                }
            }

        Columns = columns;
        _passes = new([.. passes]);
    }

    /// <summary>Where the weights of an edge come from.</summary>
    public IReadOnlyList<RadialColumn> Columns { get; }

    /// <summary>Layout of the sums over an atom's edges.</summary>
    public ChannelLayout Aggregate { get; }

    /// <summary>Floats that the kernels write: the aggregate and spare sums behind it.</summary>
    public int SumLength => Aggregate.Length + 5 * WidestRun;

    /// <summary>Adds a batch of edges to the aggregate.</summary>
    public void Accumulate(EdgeBatch* edges, float* aggregate)
    {
        ConvolutionPass* end = _passes.Pointer + _passes.Length;
        for (ConvolutionPass* pass = _passes.Pointer; pass < end; pass++)
            pass->Kernel(edges, pass, aggregate);
    }

    public void Dispose() => _passes.Dispose();

    /// <summary>Gives the sums of a path a place in the aggregate; blocks of one irrep side by side, as in the input.</summary>
    private PathPlace Place(InteractionLayer layer, ConvolutionPath[] blocks)
    {
        var outputs = new List<int>();
        int start = 0, group = 0;
        for (int b = 0; b < blocks.Length; b++)
        {
            IrrepBlock block = layer.Convolution[blocks[b].OutputSlot];
            int channel = Aggregate.Append(block.Irrep, block.Multiplicity, block.Offset, block.Irrep.Dimension,
                padAfter: b == blocks.Length - 1);
            if (b == 0)
                (start, _) = (channel, Aggregate.TryFind(block.Offset, out group, out _));
            outputs.AddRange(Enumerable.Range(blocks[b].WeightOffset, block.Multiplicity));
        }

        return new(group, start, [.. outputs]);
    }

    private PathSlot Slot(PathPlace?[] places, int path, int first)
    {
        if (path >= places.Length)
            return default;
        if (places[path] is not { } place)
            return new() { Output = Aggregate.Length, Stride = WidestRun };
        IrrepGroup group = Aggregate.Groups[place.Group];
        return new() { Output = group.Offset + place.Channel + first, Stride = group.Channels };
    }

    /// <summary>Where a path's sums lie, and which output of the radial network weighs each of its channels.</summary>
    private sealed record PathPlace(int Group, int Channel, int[] Outputs);
}
