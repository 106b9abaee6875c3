using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>The convolution of a layer, atom by atom, forwards and backwards; see <see cref="PathKernels"/>.</summary>
internal sealed unsafe class FusedConvolution : IDisposable
{
    private readonly FusedKernels _kernels;
    private readonly Pass[] _passes;
    private readonly NativeBuffer<PathPass> _places;
    private readonly CouplingProgram _couplings;

    /// <summary>A vector of channels of a path.</summary>
    private readonly struct Pass(ConvolutionPath path, int column, int firstChannel, delegate*<EdgeBlock*, PathPass*, nint, void> forward,
        delegate*<EdgeBlock*, PathPass*, nint, nint, void> backward, delegate*<EdgeBlock*, PathPass*, nint, nint, void> positions)
    {
        public readonly ConvolutionPath Path = path;
        public readonly int Column = column;
        public readonly int FirstChannel = firstChannel;
        public readonly delegate*<EdgeBlock*, PathPass*, nint, void> Forward = forward;
        public readonly delegate*<EdgeBlock*, PathPass*, nint, nint, void> Backward = backward;
        public readonly delegate*<EdgeBlock*, PathPass*, nint, nint, void> Positions = positions;
    }

    public FusedConvolution(InteractionLayer layer, RadialKnots radial, FusedKernels kernels, int workers)
    {
        (_kernels, Radial) = (kernels, radial);
        (ConvolutionPath Path, int Column)[] paths =
            [.. layer.ConvolutionPaths.Select((path, p) => (path, radial.PathColumns[p])).Where(path => path.Item2 >= 0)];
        _couplings = new(paths.Select(path => path.Path));
        var passes = new List<Pass>();
        foreach ((ConvolutionPath path, int column) in paths)
            for (int channel = 0; channel < path.Multiplicity; channel += kernels.Lanes)
                passes.Add(new(path, column, channel, kernels.PathForward(path.L1, path.L3, path.L2 == 0),
                    kernels.PathBackward(path.L1, path.L3, path.L2 == 0), kernels.PathPositions(path.L1, path.L3, path.L2 == 0)));
        _passes = [.. passes];
        _places = new((long)workers * _passes.Length);
        _places.Clear();
        for (int worker = 0; worker < workers; worker++)
            for (int p = 0; p < _passes.Length; p++)
            {
                ConvolutionPath path = _passes[p].Path;
                ref PathPass place = ref _places[worker * _passes.Length + p];
                place.Weight = _passes[p].Column + _passes[p].FirstChannel;
                place.Coupling = _couplings.FirstSlot(path.L1, path.L2, path.L3);
                place.OppositeSign = path.L2 % 2 == 0 ? 1 : -1;
                place.Channels = kernels.Pad(path.Multiplicity);
                place.InputStride = place.Channels * (2 * path.L1 + 1);
                place.SumStride = place.Channels * (2 * path.L3 + 1);
            }
    }

    public RadialKnots Radial { get; }

    /// <summary>Elements of all coupling matrices.</summary>
    public int SlotCount => _couplings.SlotCount;

    /// <summary>Fixes where a worker's planes lie; after every change of their size.</summary>
    /// <param name="worker">the worker</param>
    /// <param name="h">lin1's output</param>
    /// <param name="sums">aggregate</param>
    /// <param name="sumsAdj">its adjoint</param>
    /// <param name="hAdj">of the worker's tile</param>
    public void Bind(int worker, BlockPlanes h, BlockPlanes sums, BlockPlanes sumsAdj, BlockPlanes hAdj)
    {
        for (int p = 0; p < _passes.Length; p++)
        {
            (ConvolutionPath path, int channel) = (_passes[p].Path, _passes[p].FirstChannel);
            ref PathPass place = ref _places[worker * _passes.Length + p];
            place.Input = h[path.InputSlot].Row(0) + channel;
            place.InputAdj = hAdj[path.InputSlot].Row(0) + channel;
            place.Sums = sums[path.OutputSlot].Row(0) + channel;
            place.SumsAdj = sumsAdj[path.OutputSlot].Row(0) + channel;
        }
    }

    /// <summary>Sums over the edges of an atom; every block of the sums has one path.</summary>
    public void Forward(FusedGraph graph, int atom, EdgeScratch scratch, int worker)
    {
        bool isFirst = true;
        int at = 0;
        // An atom without edges has sums too.
        do
        {
            EdgeBlock block = Prepare(graph, atom, ref at, scratch, 1);
            block.IsFirst = isFirst;
            PathPass* place = _places.Pointer + worker * _passes.Length;
            foreach (ref readonly Pass pass in _passes.AsSpan())
                pass.Forward(&block, place++, atom);
            isFirst = false;
        }
        while (!graph.IsEnd(atom, at));
    }

    /// <summary>Adds to an atom's row of the adjoint of h and to the adjoints of the knots.</summary>
    public void Backward(FusedGraph graph, int atom, int row, EdgeScratch scratch, int worker, float* knotsAdj)
    {
        for (int at = 0; !graph.IsEnd(atom, at);)
        {
            EdgeBlock block = Prepare(graph, atom, ref at, scratch, -1);
            PathPass* place = _places.Pointer + worker * _passes.Length;
            foreach (ref readonly Pass pass in _passes.AsSpan())
                pass.Backward(&block, place++, atom, row);
            _kernels.Scatter(knotsAdj, scratch.FirstKnots, scratch.Factors, block.Count, Radial.Width, scratch.WeightsAdj);
        }
    }

    /// <summary>Adds to an atom's row of the adjoint of h and to the adjoint of its position.</summary>
    /// <param name="graph">edges</param>
    /// <param name="atom">the atom</param>
    /// <param name="row">its row of the tile</param>
    /// <param name="scratch">of the thread</param>
    /// <param name="worker">the thread</param>
    /// <param name="position">[3] added to</param>
    public void Positions(FusedGraph graph, int atom, int row, EdgeScratch scratch, int worker, float* position)
    {
        for (int at = 0; !graph.IsEnd(atom, at);)
        {
            EdgeBlock block = Prepare(graph, atom, ref at, scratch, 1);
            _kernels.Interpolate(Radial.Slopes, scratch.FirstKnots, scratch.Factors, block.Count, Radial.Width, scratch.Slopes);
            new Span<float>(scratch.PositionSums, block.Count * PositionKernels.SumsPerEdge).Clear();
            PathPass* place = _places.Pointer + worker * _passes.Length;
            foreach (ref readonly Pass pass in _passes.AsSpan())
                pass.Positions(&block, place++, atom, row);
            _kernels.SumLanes(scratch.PositionSums, block.Count);
            for (int n = 0; n < block.Count; n++)
            {
                // With the direction n, dL/dvector = e n + (turn x n) / r.
                float* sum = scratch.PositionSums + n * PositionKernels.SumsPerEdge;
                float x = scratch.X[n], y = scratch.Y[n], z = scratch.Z[n], inverse = scratch.Inverse[n];
                position[0] += sum[3] * x + (sum[1] * z - sum[2] * y) * inverse;
                position[1] += sum[3] * y + (sum[2] * x - sum[0] * z) * inverse;
                position[2] += sum[3] * z + (sum[0] * y - sum[1] * x) * inverse;
            }
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _couplings.Dispose();
    }

    private EdgeBlock Prepare(FusedGraph graph, int atom, ref int place, EdgeScratch scratch, float sign)
    {
        int count = scratch.Prepare(graph, atom, ref place, sign);
        _couplings.Evaluate(scratch.Harmonics, scratch.Couplings, count);
        _kernels.Interpolate(Radial.Values, scratch.FirstKnots, scratch.Factors, count, Radial.Width, scratch.Weights);
        return new()
        {
            Count = count,
            Neighbors = scratch.Neighbors,
            Couplings = scratch.Couplings,
            Weights = scratch.Weights,
            WeightsAdj = scratch.WeightsAdj,
            Slopes = scratch.Slopes,
            PositionSums = scratch.PositionSums,
            WeightStride = Radial.Width,
        };
    }
}
