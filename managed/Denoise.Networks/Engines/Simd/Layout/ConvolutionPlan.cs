using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// Which kernels run for a layer, on which channels, and where its radial weights and sums lie. Paths whose output nobody wants
/// are left out; a path that a kernel computes but the network does not have reads weights of zero.
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
        var columns = new List<RadialColumn>();
        var paths = new Dictionary<(int Group, int L2, int L3), (int Column, int Group, int Channel)>();
        Aggregate = new();
        for (int g = 0; g < input.Groups.Count; g++)
        {
            IrrepGroup group = input.Groups[g];
            var merged = layer.ConvolutionPaths
                .Where(path => layer.Input[path.InputSlot].Irrep == group.Irrep && isWanted(layer.Convolution[path.OutputSlot].Irrep))
                .GroupBy(path => (path.L2, path.L3));
            foreach (var path in merged)
            {
                int column = columns.Count;
                (int Group, int Channel)? sum = null;
                ConvolutionPath[] blocks = [.. path];
                for (int b = 0; b < blocks.Length; b++)
                {
                    IrrepBlock block = layer.Convolution[blocks[b].OutputSlot];
                    int channel = Aggregate.Append(block.Irrep, block.Multiplicity, block.Offset, block.Irrep.Dimension,
                        padAfter: b == blocks.Length - 1);
                    Aggregate.TryFind(block.Offset, out int aggregateGroup, out _);
                    sum ??= (aggregateGroup, channel);
                    double factor = CouplingFactors.Get(group.L, path.Key.L2, path.Key.L3);
                    for (int u = 0; u < block.Multiplicity; u++)
                        columns.Add(new(blocks[b].WeightOffset + u, factor));
                }

                while (columns.Count < column + group.Channels)
                    columns.Add(default);
                paths.Add((g, path.Key.L2, path.Key.L3), (column, sum!.Value.Group, sum.Value.Channel));
            }
        }

        Aggregate.Complete();
        // Weights of zero and a place for their sums, for paths that do not exist.
        int zeroColumn = columns.Count, spareSums = Aggregate.Length;
        var passes = new List<ConvolutionPass>();
        for (int g = 0; g < input.Groups.Count; g++)
            foreach (var family in Families.Where(family => family[0].L1 == input.Groups[g].L))
            {
                int Present((PassKind, int, (int L2, int L3)[] Paths) kernel) =>
                    kernel.Paths.Count(path => paths.ContainsKey((g, path.L2, path.L3)));
                // The smallest kernel that computes all of the family's paths that exist.
                var kernel = family.Last(candidate => Present(candidate) == Present(family[0]));
                if (Present(kernel) == 0)
                    continue;
                for (int first = 0; first < input.Groups[g].Channels;)
                {
                    int channels = LaneSplit.Take(input.Groups[g].Channels - first, width);
                    PathSlot Slot(int k)
                    {
                        if (k >= kernel.Paths.Length)
                            return default;
                        if (!paths.TryGetValue((g, kernel.Paths[k].L2, kernel.Paths[k].L3), out var path))
                            return new() { Weight = zeroColumn, Output = spareSums, Stride = WidestRun };
                        IrrepGroup sums = Aggregate.Groups[path.Group];
                        return new()
                        {
                            Weight = path.Column + first,
                            Output = sums.Offset + path.Channel + first,
                            Stride = sums.Channels,
                        };
                    }

                    passes.Add(new()
                    {
                        Kernel = KernelTable.Convolution(kernel.Kind, channels, width),
                        Input = input.Groups[g].Offset + first,
                        InputStride = input.Groups[g].Channels,
                        First = Slot(0),
                        Second = Slot(1),
                        Third = Slot(2),
                        Fourth = Slot(3),
                    });
                    first += channels;
                }
            }

        if (passes.Exists(pass => pass.First.Output == spareSums || pass.Second.Output == spareSums ||
            pass.Third.Output == spareSums || pass.Fourth.Output == spareSums))
            columns.AddRange(new RadialColumn[WidestRun]);
        Columns = columns;
        SumLength = spareSums + 5 * WidestRun;
        _passes = new([.. passes]);
    }

    /// <summary>Where the weights of an edge come from.</summary>
    public IReadOnlyList<RadialColumn> Columns { get; }

    /// <summary>Layout of the sums over an atom's edges.</summary>
    public ChannelLayout Aggregate { get; }

    /// <summary>Floats that the kernels write: the aggregate and spare sums behind it.</summary>
    public int SumLength { get; }

    /// <summary>Adds a batch of edges to the aggregate.</summary>
    public void Accumulate(EdgeBatch* edges, float* aggregate)
    {
        ConvolutionPass* end = _passes.Pointer + _passes.Length;
        for (ConvolutionPass* pass = _passes.Pointer; pass < end; pass++)
            pass->Kernel(edges, pass, aggregate);
    }

    public void Dispose() => _passes.Dispose();
}
