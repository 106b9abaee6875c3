using Denoise.Atoms;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;

namespace Denoise.Networks.Tests.Simd;

/// <summary>Edges as the convolution kernels read them: directions and weights given, the rows of features to be filled.</summary>
internal sealed unsafe class TestBatch : IDisposable
{
    private readonly NativeArray<float> _rows;
    private readonly NativeArray<nint> _addresses;
    private readonly NativeArray<float> _table;
    private readonly NativeArray<int> _offsets;
    private readonly NativeArray<float> _basis = new(3 * EdgeBatch.NextBasis);
    private readonly NativeArray<float> _directions = new(3 * EdgeBatch.Next);
    private readonly NativeArray<float> _harmonics = new(16 * EdgeBatch.Capacity);
    private readonly NativeArray<float> _couplings;
    private readonly int _count;
    private readonly int _stride;

    /// <param name="plan">which columns of weights the kernels read</param>
    /// <param name="weights">[edges][outputs of the radial network]</param>
    /// <param name="directions">[edges] unit vectors</param>
    /// <param name="rowLength">floats of a row of features</param>
    public TestBatch(ConvolutionPlan plan, float[][] weights, Vec3[] directions, int rowLength)
    {
        _count = directions.Length;
        _rows = new((_count + 4) * rowLength + 16);
        _addresses = new(_count + 4);
        for (int n = 0; n < _count + 4; n++)
            _addresses.Pointer[n] = (nint)(_rows.Pointer + n * rowLength);

        // An edge's weights are the first of its three rows of the table; what pads the last vector has a basis of zero.
        _stride = (plan.Columns.Count + 15) & ~15;
        _table = new((3 * _count + 3) * _stride + 16);
        _offsets = new([.. Enumerable.Range(0, _count + 4).Select(n => n < _count ? 3 * n * _stride : 0)]);
        _basis.Span[.._count].Fill(1);
        _couplings = new((plan.Couplings?.SlotCount ?? 0) * EdgeBatch.Capacity + 16);
        for (int n = 0; n < _count; n++)
        {
            for (int m = 0; m < 3; m++)
                _directions.Pointer[m * EdgeBatch.Next + n] = (float)directions[n][m];
            double[] outputs = [.. weights[n].Select(weight => (double)weight)];
            for (int c = 0; c < plan.Columns.Count; c++)
                _table.Pointer[3 * n * _stride + c] = (float)plan.Columns[c].Evaluate(outputs);
        }

        EdgeBatch edges = Edges;
        plan.Couplings?.Evaluate(&edges, _harmonics.Pointer);
    }

    public EdgeBatch Edges => new()
    {
        Count = _count,
        Rows = (float**)_addresses.Pointer,
        Directions = _directions.Pointer,
        Couplings = _couplings.Pointer,
        Table = _table.Pointer,
        TableWidth = _stride,
        Offsets = _offsets.Pointer,
        Basis = _basis.Pointer,
    };

    /// <summary>The features of an edge's neighbor.</summary>
    public float* Row(int edge) => (float*)_addresses.Pointer[edge];

    public void Dispose()
    {
        _rows.Dispose();
        _addresses.Dispose();
        _table.Dispose();
        _offsets.Dispose();
        _basis.Dispose();
        _directions.Dispose();
        _harmonics.Dispose();
        _couplings.Dispose();
    }
}
