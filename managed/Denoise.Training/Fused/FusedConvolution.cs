using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Fused.Kernels;

namespace Denoise.Training.Fused;

/// <summary>The convolution of a layer, atom by atom, forwards and backwards; see <see cref="PathKernels"/>.</summary>
internal sealed unsafe class FusedConvolution : IDisposable
{
    private readonly FusedKernels _kernels;
    private readonly Pass[] _passes;
    private readonly NativeBuffer<PathPass> _places;
    private readonly CouplingProgram _couplings;

    /// <summary>A vector of channels of a path.</summary>
    private readonly struct Pass(ConvolutionPath path, int column, int firstChannel, delegate*<EdgeBlock*, PathPass*, nint, void> forward,
        delegate*<EdgeBlock*, PathPass*, nint, nint, void> backward)
    {
        public readonly ConvolutionPath Path = path;
        public readonly int Column = column;
        public readonly int FirstChannel = firstChannel;
        public readonly delegate*<EdgeBlock*, PathPass*, nint, void> Forward = forward;
        public readonly delegate*<EdgeBlock*, PathPass*, nint, nint, void> Backward = backward;
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
                    kernels.PathBackward(path.L1, path.L3, path.L2 == 0)));
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
    public void Forward(TrainingBatch batch, int atom, EdgeScratch scratch, int worker)
    {
        int first = batch.Starts[atom], end = batch.Starts[atom + 1];
        bool isFirst = true;
        // An atom without edges has sums too.
        do
        {
            EdgeBlock block = Prepare(batch, first, Math.Min(EdgeBlock.Capacity, end - first), scratch, 1);
            block.IsFirst = isFirst;
            PathPass* place = _places.Pointer + worker * _passes.Length;
            foreach (ref readonly Pass pass in _passes.AsSpan())
                pass.Forward(&block, place++, atom);
            isFirst = false;
            first += EdgeBlock.Capacity;
        }
        while (first < end);
    }

    /// <summary>Adds to an atom's row of the adjoint of h and to the adjoints of the knots.</summary>
    public void Backward(TrainingBatch batch, int atom, int row, EdgeScratch scratch, int worker, float* knotsAdj)
    {
        int end = batch.Starts[atom + 1];
        for (int first = batch.Starts[atom]; first < end; first += EdgeBlock.Capacity)
        {
            EdgeBlock block = Prepare(batch, first, Math.Min(EdgeBlock.Capacity, end - first), scratch, -1);
            PathPass* place = _places.Pointer + worker * _passes.Length;
            foreach (ref readonly Pass pass in _passes.AsSpan())
                pass.Backward(&block, place++, atom, row);
            _kernels.Scatter(knotsAdj, scratch.FirstKnots, scratch.Factors, block.Count, Radial.Width, scratch.WeightsAdj);
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _couplings.Dispose();
    }

    private EdgeBlock Prepare(TrainingBatch batch, int first, int count, EdgeScratch scratch, float sign)
    {
        scratch.Prepare(batch, first, count, sign);
        _couplings.Evaluate(scratch.Harmonics, scratch.Couplings, count);
        _kernels.Interpolate(Radial.Values, scratch.FirstKnots, scratch.Factors, count, Radial.Width, scratch.Weights);
        return new()
        {
            Count = count,
            Neighbors = batch.Neighbors.Pointer + first,
            Couplings = scratch.Couplings,
            Weights = scratch.Weights,
            WeightsAdj = scratch.WeightsAdj,
            WeightStride = Radial.Width,
        };
    }
}
