using Denoise.Networks.Engines.Simd.Kernels;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>Collects the calls of convolution kernels and the columns of radial weights that these read.</summary>
/// <param name="width">vectors to use</param>
internal sealed unsafe class PassList(SimdWidth width)
{
    private readonly List<ConvolutionPass> _passes = [];
    private readonly List<RadialColumn> _columns = [];

    public IReadOnlyList<RadialColumn> Columns => _columns;

    /// <summary>Appends a call.</summary>
    /// <param name="kind">which kernel</param>
    /// <param name="channels">as many as the kernels exist for</param>
    /// <param name="input">first channel of the first component in a neighbor's row</param>
    /// <param name="inputStride">from one component to the next there</param>
    /// <param name="paths">the kernel's, in the order of its slots: where the sum goes, and the weights of the channels</param>
    public void Add(PassKind kind, int channels, int input, int inputStride,
        IReadOnlyList<(PathSlot Slot, IReadOnlyList<RadialColumn> Weights)> paths)
    {
        Add(KernelTable.Convolution(kind, channels, width), channels, input, inputStride, paths);
    }

    /// <summary>Appends a call of a <see cref="CoupledConvolution"/>, of one path.</summary>
    /// <param name="kind">which kernel</param>
    /// <param name="l1">degree of the input</param>
    /// <param name="l3">degree of the sum</param>
    /// <param name="coupling">first slot of the path's coupling matrix</param>
    /// <param name="channels">as many as the kernels exist for</param>
    /// <param name="input">first channel of the first component in a neighbor's row</param>
    /// <param name="inputStride">from one component to the next there</param>
    /// <param name="path">where the sum goes, and the weights of the channels</param>
    public void AddCoupled(CoupledKind kind, int l1, int l3, int coupling, int channels, int input, int inputStride,
        (PathSlot Slot, IReadOnlyList<RadialColumn> Weights) path) =>
        Add(KernelTable.Coupled(kind, l1, l3, channels, width), channels, input, inputStride, [path], coupling);

    private void Add(delegate*<EdgeBatch*, ConvolutionPass*, float*, void> kernel, int channels, int input, int inputStride,
        IReadOnlyList<(PathSlot Slot, IReadOnlyList<RadialColumn> Weights)> paths, int coupling = 0)
    {
        PathSlot Slot(int path) => path < paths.Count ? paths[path].Slot : default;
        _passes.Add(new()
        {
            Kernel = kernel,
            Coupling = coupling,
            Input = input,
            InputStride = inputStride,
            Weights = _columns.Count,
            First = Slot(0),
            Second = Slot(1),
            Third = Slot(2),
            Fourth = Slot(3),
            Fifth = Slot(4),
        });
        foreach (var (_, weights) in paths)
            _columns.AddRange(weights);

        // A vector that holds several edges reads as many paths of each.
        int lanes = (int)width / 32;
        while (channels < lanes && _columns.Count % lanes != 0)
            _columns.Add(default);
    }

    public NativeArray<ConvolutionPass> ToArray() => new([.. _passes]);
}
