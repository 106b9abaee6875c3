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

    // By l1 the sets of kernels that may serve, the cheapest first, with (l2, l3) of each kernel's paths in the order of its slots.
    private static readonly (PassKind Kind, (int L2, int L3)[] Paths)[][][] Kernels =
    [
        [[(PassKind.ScalarToLow, [(0, 0), (1, 1)])], [(PassKind.ScalarToAll, [(0, 0), (1, 1), (2, 2)])]],
        [
            [(PassKind.VectorToLow, [(0, 1), (1, 0), (2, 1)])],
            [(PassKind.VectorToAll, [(0, 1), (1, 0), (2, 1), (1, 2)])],
            [(PassKind.VectorToLowWithOdd, [(0, 1), (1, 0), (2, 1), (1, 1)])],
            [(PassKind.VectorToLowWithOdd, [(0, 1), (1, 0), (2, 1), (1, 1)]), (PassKind.VectorToRank2WithOdd, [(1, 2), (2, 2)])],
        ],
        [
            [(PassKind.TensorToLow, [(1, 1), (2, 0)])],
            [(PassKind.TensorToLowWithOdd, [(1, 1), (2, 0), (2, 1)])],
            [(PassKind.TensorToAll, [(1, 1), (2, 0), (0, 2), (2, 2)])],
            [(PassKind.TensorToRank2Odd, [(1, 2)])],
            [(PassKind.TensorToAllWithOdd, [(1, 1), (2, 0), (0, 2), (2, 2), (2, 1)]), (PassKind.TensorToRank2Odd, [(1, 2)])],
        ],
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

        var passes = new PassList(width);
        ConvolutionPath[] coupled = [.. layer.ConvolutionPaths
            .Where(path => CouplingFactors.IsCoupled(path.L1, path.L2, path.L3))
            .Where(path => isWanted(layer.Convolution[path.OutputSlot].Irrep))];
        Couplings = coupled.Length > 0 ? new(coupled) : null;
        foreach (var ((g, l2, l3), place) in paths.Where(path =>
            CouplingFactors.IsCoupled(input.Groups[path.Key.Group].L, path.Key.L2, path.Key.L3)))
            AddCoupled(passes, (l2, l3), place, input.Groups[g], width);
        foreach (Call call in Calls(input, paths, width))
        {
            IrrepGroup group = input.Groups[call.Group];
            passes.Add(call.Kind, call.Channels, group.Offset + call.First, group.Channels, [.. call.Places.Select((place, p) =>
                (Slot(place, call.First), Weights(place, call.First, call.Channels,
                    CouplingFactors.Get(group.L, call.Paths[p].L2, call.Paths[p].L3))))]);
        }

        (Columns, _passes) = (passes.Columns, passes.ToArray());
    }

    /// <summary>Of passes made elsewhere.</summary>
    public ConvolutionPlan(ChannelLayout aggregate, PassList passes, CouplingProgram? couplings) =>
        (Aggregate, Columns, _passes, Couplings) = (aggregate, passes.Columns, passes.ToArray(), couplings);

    /// <summary>The coupling matrices that an edge needs; null: none.</summary>
    public CouplingProgram? Couplings { get; }

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

    public void Dispose()
    {
        _passes.Dispose();
        Couplings?.Dispose();
    }

    /// <summary>The calls for a path that has no kernel of its own, on runs of its channels.</summary>
    private void AddCoupled(PassList passes, (int L2, int L3) path, PathPlace place, IrrepGroup group, SimdWidth width)
    {
        int coupling = Couplings!.FirstSlot(group.L, path.L2, path.L3);
        for (int first = 0, channels; first < group.Channels; first += channels)
        {
            channels = LaneSplit.Take(group.Channels - first, width);
            passes.AddCoupled(path.L2 == 0 ? CoupledKind.Pass : CoupledKind.Run, group.L, path.L3, coupling, channels,
                group.Offset + first, group.Channels, (Slot(place, first), Weights(place, first, channels, 1)));
        }
    }

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

    /// <summary>For every input irrep the cheapest kernels that compute all its paths, on runs of its channels.</summary>
    private static IEnumerable<Call> Calls(
        ChannelLayout input, Dictionary<(int Group, int L2, int L3), PathPlace> paths, SimdWidth width)
    {
        for (int g = 0; g < input.Groups.Count; g++)
        {
            int l1 = input.Groups[g].L;
            (int L2, int L3)[] present = [.. paths.Keys.Where(path => path.Group == g && !CouplingFactors.IsCoupled(l1, path.L2, path.L3))
                .Select(path => (path.L2, path.L3))];
            if (present.Length == 0)
                continue;
            foreach (var kernel in Kernels[l1].First(set => !present.Except(set.SelectMany(kernel => kernel.Paths)).Any()))
            {
                if (!kernel.Paths.Intersect(present).Any())
                    continue;
                PathPlace?[] places = [.. kernel.Paths.Select(path => paths.GetValueOrDefault((g, path.L2, path.L3)))];
                for (int first = 0, channels; first < input.Groups[g].Channels; first += channels)
                {
                    channels = LaneSplit.Take(input.Groups[g].Channels - first, width);
                    yield return new(kernel.Kind, kernel.Paths, places, g, first, channels);
                }
            }
        }
    }

    /// <summary>Of a run of a path's channels.</summary>
    private static IReadOnlyList<RadialColumn> Weights(PathPlace? place, int first, int channels, double factor) =>
        [.. Enumerable.Range(first, channels).Select(u =>
            place is not null && u < place.Outputs.Length ? new RadialColumn((place.Outputs[u], factor)) : default)];

    private PathSlot Slot(PathPlace? place, int first)
    {
        if (place is null)
            return new() { Output = Aggregate.Length, Stride = WidestRun };
        IrrepGroup group = Aggregate.Groups[place.Group];
        return new() { Output = group.Offset + place.Channel + first, Stride = group.Channels };
    }

    /// <summary>A kernel for some channels of an input irrep.</summary>
    /// <param name="Kind">which kernel</param>
    /// <param name="Paths">(l2, l3) of its paths</param>
    /// <param name="Places">of their sums; null: the network does not have that path</param>
    /// <param name="Group">of the input</param>
    /// <param name="First">channel</param>
    /// <param name="Channels">number of channels</param>
    private sealed record Call(PassKind Kind, (int L2, int L3)[] Paths, PathPlace?[] Places, int Group, int First, int Channels);

    /// <summary>Where a path's sums lie, and which output of the radial network weighs each of its channels.</summary>
    private sealed record PathPlace(int Group, int Channel, int[] Outputs);
}
