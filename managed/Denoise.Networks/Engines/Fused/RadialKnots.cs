using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// The radial network of a layer at the knots of a grid, forwards and backwards. Its outputs are regrouped by path, each path's
/// channels padded to whole vectors; 1/sqrt(Z) of the aggregate is in them. Paths that nothing reads are left out.
/// </summary>
internal sealed unsafe class RadialKnots : IDisposable
{
    private readonly FusedKernels _kernels;
    private readonly RadialNetwork _network;
    private readonly KnotGrid _grid;
    private readonly Matrix[] _matrices;
    private readonly NativeBuffer<float>[] _inputs;
    private readonly NativeBuffer<float>[] _preActivations;
    private readonly NativeBuffer<float>[] _sigmoids;
    private readonly NativeBuffer<float>[] _adjoints;
    private readonly NativeBuffer<float> _values;
    private readonly NativeBuffer<float>[] _inputSlopes;
    private readonly NativeBuffer<float> _slopes;
    private readonly ChunkSums _valuesAdj = new();
    private readonly double[][] _weightsAdj;

    private sealed class Matrix(int rows, int columns, int paddedRows, int paddedColumns, int gradient, float scale, int[] place)
    {
        public int Rows => rows;

        public int PaddedRows => paddedRows;

        public int PaddedColumns => paddedColumns;

        public int Gradient => gradient;

        /// <summary>1 / sqrt(rows), and of the last one 1 / sqrt(Z).</summary>
        public float Scale => scale;

        /// <summary>[columns] where the network's outputs lie; negative: nowhere.</summary>
        public int[] Place => place;

        public NativeBuffer<float> Values { get; } = new((long)rows * paddedColumns);

        public NativeBuffer<float> Transposed { get; } = new((long)paddedColumns * paddedRows);

        public void Fold(float[] weights)
        {
            for (int i = 0; i < rows; i++)
                for (int o = 0; o < columns; o++)
                    if (place[o] >= 0)
                        Values[i * paddedColumns + place[o]] = Transposed[place[o] * paddedRows + i] = scale * weights[i * columns + o];
        }

        public void Unfold(float* sums, double[] weightsAdj)
        {
            for (int i = 0; i < rows; i++)
                for (int o = 0; o < columns; o++)
                    if (place[o] >= 0)
                        weightsAdj[i * columns + o] += (double)scale * sums[gradient + i * paddedColumns + place[o]];
        }
    }

    public RadialKnots(InteractionLayer layer, NequipConfig config, KnotGrid grid, FusedKernels kernels, ChunkSums sums,
        ParameterGradients gradients, Func<Irrep, bool> isWanted)
    {
        _weightsAdj = [.. layer.Radial.WeightNames.Select(name => gradients[name])];
        (_kernels, _network, _grid) = (kernels, layer.Radial, grid);
        PathColumns = new int[layer.ConvolutionPaths.Count];
        int[] outputs = new int[layer.Radial.OutputCount];
        Array.Fill(outputs, -1);
        for (int p = 0; p < PathColumns.Length; p++)
        {
            ConvolutionPath path = layer.ConvolutionPaths[p];
            PathColumns[p] = isWanted(layer.Convolution[path.OutputSlot].Irrep) ? Width : -1;
            if (PathColumns[p] < 0)
                continue;
            for (int u = 0; u < path.Multiplicity; u++)
                outputs[path.WeightOffset + u] = Width + u;
            Width += kernels.Pad(path.Multiplicity);
        }

        int last = _network.Weights.Count - 1;
        IReadOnlyList<int> sizes = _network.Sizes;
        _matrices = [.. Enumerable.Range(0, last + 1).Select(k =>
        {
            int columns = k == last ? Width : kernels.Pad(sizes[k + 1]);
            double scale = 1 / Math.Sqrt(sizes[k] * (k == last ? config.NeighborCount : 1));
            var matrix = new Matrix(sizes[k], sizes[k + 1], kernels.Pad(sizes[k]), columns, sums.Reserve(sizes[k] * columns), (float)scale,
                k == last ? outputs : [.. Enumerable.Range(0, sizes[k + 1])]);
            matrix.Values.Clear();
            matrix.Transposed.Clear();
            return matrix;
        })];
        NativeBuffer<float>[] Rows(int first, int count) => [.. Enumerable.Range(first, count).Select(k =>
        {
            var rows = new NativeBuffer<float>((long)grid.Count * kernels.Pad(sizes[k]));
            rows.Clear();
            return rows;
        })];
        _inputs = Rows(0, last + 1);
        _preActivations = Rows(1, last);
        _sigmoids = Rows(1, last);
        _adjoints = Rows(1, last);
        _inputSlopes = Rows(0, last + 1);
        for (int k = 0; k < grid.Count; k++)
            for (int n = 0; n < sizes[0]; n++)
            {
                _inputs[0][k * kernels.Pad(sizes[0]) + n] = (float)grid.Basis[k * sizes[0] + n];
                _inputSlopes[0][k * kernels.Pad(sizes[0]) + n] = (float)grid.BasisSlopes[k * sizes[0] + n];
            }

        _values = new((long)grid.Count * Width);
        _values.Clear();
        _slopes = new((long)grid.Count * Width);
        _slopes.Clear();
        _valuesAdj.Reserve(grid.Count * Width);
        _valuesAdj.Allocate();
    }

    /// <summary>Radial weights of an edge, padded.</summary>
    public int Width { get; }

    /// <summary>[paths] first column of each; negative where nothing reads it.</summary>
    public int[] PathColumns { get; }

    /// <summary>[knots, Width]</summary>
    public float* Values => _values.Pointer;

    /// <summary>[knots, Width] by the distance, 1/Å; there once <see cref="ForwardSlopes"/> has run.</summary>
    public float* Slopes => _slopes.Pointer;

    public long MemoryBytes => _values.CapacityBytes + _slopes.CapacityBytes + _valuesAdj.MemoryBytes;

    /// <summary>[knots, Width] of one partial sum.</summary>
    public float* ValuesAdj(int chunk) => _valuesAdj.Of(chunk);

    /// <summary>Takes over the network's weights.</summary>
    public void Fold()
    {
        for (int k = 0; k < _matrices.Length; k++)
            _matrices[k].Fold(_network.Weights[k]);
    }

    /// <summary>Evaluates knots [begin, end).</summary>
    public void Forward(int begin, int end)
    {
        int count = end - begin;
        for (int k = 0; k < _matrices.Length; k++)
        {
            Matrix matrix = _matrices[k];
            bool isLast = k == _matrices.Length - 1;
            nint width = matrix.PaddedColumns;
            float* output = (isLast ? _values : _preActivations[k]).Pointer + begin * width;
            new Span<float>(output, (int)(count * width)).Clear();
            _kernels.MultiplyAdd(_inputs[k].Pointer + begin * (nint)matrix.PaddedRows, matrix.Values.Pointer, output, count, matrix.Rows,
                matrix.PaddedRows, width);
            if (isLast)
                MultiplyEnvelope(output, begin, end);
            else
            {
                float* sigmoids = _sigmoids[k].Pointer + begin * width;
                _kernels.Sigmoid(output, sigmoids, count * width, 1);
                _kernels.EvenForward(output, sigmoids, width, _inputs[k + 1].Pointer + begin * width, width, count);
            }
        }
    }

    /// <summary>The slopes at knots [begin, end), once they have been evaluated: the chain rule along the network.</summary>
    public void ForwardSlopes(int begin, int end)
    {
        int count = end - begin;
        for (int k = 0; k < _matrices.Length; k++)
        {
            Matrix matrix = _matrices[k];
            bool isLast = k == _matrices.Length - 1;
            nint width = matrix.PaddedColumns;
            float* output = (isLast ? _slopes : _inputSlopes[k + 1]).Pointer + begin * width;
            new Span<float>(output, (int)(count * width)).Clear();
            _kernels.MultiplyAdd(_inputSlopes[k].Pointer + begin * (nint)matrix.PaddedRows, matrix.Values.Pointer, output, count, matrix.Rows,
                matrix.PaddedRows, width);
            if (!isLast)
                _kernels.EvenBackward(_preActivations[k].Pointer + begin * width, _sigmoids[k].Pointer + begin * width, width, output, width,
                    output, width, count);
        }

        // Values hold the envelope already; it is not 0 before the last knot.
        for (int knot = begin; knot < end; knot++)
        {
            float envelope = _grid.Envelope[knot], ratio = envelope > 0 ? _grid.EnvelopeSlopes[knot] / envelope : 0;
            float* slopes = Slopes + knot * (nint)Width, values = Values + knot * (nint)Width;
            for (int c = 0; c < Width && (envelope != 1 || ratio != 0); c++)
                slopes[c] = envelope * slopes[c] + ratio * values[c];
        }
    }

    /// <summary>Clears a partial sum from a knot on.</summary>
    public void ClearAdjoint(int chunk, int firstKnot) =>
        new Span<float>(ValuesAdj(chunk) + firstKnot * (nint)Width, (_grid.Count - firstKnot) * Width).Clear();

    /// <summary>Adds up what the edges gave to knots [begin, end) and goes on to the matrices.</summary>
    /// <param name="begin">first knot</param>
    /// <param name="end">behind the last one</param>
    /// <param name="sums">partial sum of the matrices' gradients</param>
    public void Backward(int begin, int end, float* sums)
    {
        if (begin >= end)
            return;
        int count = end - begin;
        _valuesAdj.Reduce(begin * Width, count * Width);
        float* adjoint = ValuesAdj(0) + begin * (nint)Width;
        MultiplyEnvelope(adjoint, begin, end);
        for (int k = _matrices.Length - 1; k >= 0; k--)
        {
            Matrix matrix = _matrices[k];
            float* input = _inputs[k].Pointer + begin * (nint)matrix.PaddedRows;
            _kernels.AddOuter(input, adjoint, sums + matrix.Gradient, count, matrix.Rows, matrix.PaddedRows, matrix.PaddedColumns);
            if (k == 0)
                return;
            nint width = matrix.PaddedRows;
            float* inputAdj = _adjoints[k - 1].Pointer + begin * width;
            new Span<float>(inputAdj, (int)(count * width)).Clear();
            _kernels.MultiplyAdd(adjoint, matrix.Transposed.Pointer, inputAdj, count, matrix.PaddedColumns, matrix.PaddedColumns, width);
            _kernels.EvenBackward(_preActivations[k - 1].Pointer + begin * width, _sigmoids[k - 1].Pointer + begin * width, width,
                inputAdj, width, inputAdj, width, count);
            adjoint = inputAdj;
        }
    }

    /// <summary>Adds the gradients of the matrices out of the total of the partial sums.</summary>
    public void Unfold(float* sums)
    {
        for (int k = 0; k < _matrices.Length; k++)
            _matrices[k].Unfold(sums, _weightsAdj[k]);
    }

    public void Dispose()
    {
        foreach (NativeBuffer<float> buffer in (NativeBuffer<float>[])[.. _inputs, .. _preActivations, .. _sigmoids, .. _adjoints, .. _inputSlopes, _values, _slopes])
            buffer.Dispose();
        foreach (Matrix matrix in _matrices)
        {
            matrix.Values.Dispose();
            matrix.Transposed.Dispose();
        }

        _valuesAdj.Dispose();
    }

    private void MultiplyEnvelope(float* rows, int begin, int end)
    {
        for (int knot = begin; knot < end; knot++, rows += Width)
        {
            float factor = _grid.Envelope[knot];
            if (factor != 1)
                for (int c = 0; c < Width; c++)
                    rows[c] *= factor;
        }
    }
}
