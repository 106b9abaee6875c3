using Denoise.Networks.Engines.Simd.Layout;

namespace Denoise.Networks.Engines.Simd.Radial;

/// <summary>
/// The radial weights of a layer as cubic splines, so that an edge costs four multiply-adds per weight instead of a network. Knots
/// are equidistant in <c>u = r / (r + a)</c> with a half the cutoff: the functions vary faster at short distances. In interval k,
/// with t in [0, 1),
/// <code>
/// weight[c] = sum_j b_j(t) row[k + j][c]    j = 0 .. 3    row[k] = Rows + k * Width
/// b = [ (1-t)^3,  3t^3 - 6t^2 + 4,  -3t^3 + 3t^2 + 3t + 1,  t^3 ] / 6
/// </code>
/// B-splines, because neighboring intervals share rows: the rows between the shortest and the longest edge of a crystal or a melt
/// take a third of the memory of polynomials per interval and stay in the fastest caches. The number of intervals follows from
/// the measured error.
/// </summary>
internal sealed class RadialTable : IDisposable
{
    /// <summary>Largest error of a weight of the network, absolute. Weights are of order 1 to 10, so that it is relative 1e-6.</summary>
    public const double ErrorTarget = 4e-6;

    private const int MostIntervals = 1 << 14;

    private readonly NativeArray<float> _rows;
    private readonly double _offset;
    private readonly double _intervalsPerUnit;

    /// <param name="function">the radial network</param>
    /// <param name="cutoff">Å</param>
    /// <param name="lanes">floats of a vector, of which an edge's weights are a multiple</param>
    /// <param name="columns">what the table holds</param>
    public RadialTable(RadialFunction function, double cutoff, int lanes, IReadOnlyList<RadialColumn> columns)
    {
        Width = (columns.Count + lanes - 1) / lanes * lanes;
        _offset = cutoff / 2;
        int intervals = 128;
        while (true)
        {
            Intervals = intervals;
            _intervalsPerUnit = intervals * (cutoff + _offset) / cutoff;
            double[] coefficients = Fit(function);
            LargestError = Measure(function, coefficients);
            if (LargestError <= ErrorTarget || intervals >= MostIntervals)
            {
                _rows = Pack(coefficients, function.OutputCount, columns);
                return;
            }

            // A cubic's error falls with the fourth power of the interval; a little more, to be done in one step.
            double factor = Math.Pow(LargestError / ErrorTarget, 0.25) * 1.03;
            intervals = (int)Math.Min(MostIntervals, Math.Ceiling(intervals * factor));
        }
    }

    /// <summary>Weights of an edge, padded to whole vectors.</summary>
    public int Width { get; }

    public int Intervals { get; private set; }

    /// <summary>Largest deviation from the radial network that was found while the table was built.</summary>
    public double LargestError { get; private set; }

    /// <summary>a: u = r / (r + a).</summary>
    public float Offset => (float)_offset;

    /// <summary>The interval is the integral part of <c>IntervalsPerUnit * u</c>, t the rest.</summary>
    public float IntervalsPerUnit => (float)_intervalsPerUnit;

    /// <summary>[Intervals + 3, Width]</summary>
    public unsafe float* Rows => _rows.Pointer;

    public long MemoryBytes => _rows.Length * sizeof(float);

    public void Dispose() => _rows.Dispose();

    private double Distance(double place)
    {
        double u = place / _intervalsPerUnit;
        return _offset * u / (1 - u);
    }

    /// <summary>
    /// [Intervals + 3, output] coefficients of the spline through the values at the knots with the slopes of the function at both
    /// ends: (c[k] + 4 c[k+1] + c[k+2]) / 6 = f(k) and (c[2] - c[0]) / 2 = f'(0), likewise at the other end.
    /// </summary>
    private double[] Fit(RadialFunction function)
    {
        int outputs = function.OutputCount, knots = Intervals + 1;
        double[] c = new double[(knots + 2) * outputs], slopes = new double[2 * outputs];
        Span<double> Row(int k) => c.AsSpan(k * outputs, outputs);
        for (int k = 0; k < knots; k++)
            function.Evaluate(Distance(k)).CopyTo(Row(k + 1));
        for (int end = 0; end < 2; end++)
            foreach (int side in (ReadOnlySpan<int>)[-1, 1])
            {
                const double Step = 1e-3;
                ReadOnlySpan<double> values = function.Evaluate(Distance(end * Intervals + side * Step));
                for (int o = 0; o < outputs; o++)
                    slopes[end * outputs + o] += side * values[o] / (2 * Step);
            }

        // The slopes take the outer unknowns out of the first and the last equation; what is left is tridiagonal (Thomas).
        double[] upper = new double[knots];
        for (int k = 0; k < knots; k++)
        {
            bool isFirst = k == 0, isLast = k == knots - 1;
            double lower = isFirst ? 0 : isLast ? 2 : 1;
            double pivot = 1 / (4 - (isFirst ? 0 : lower * upper[k - 1]));
            upper[k] = (isFirst ? 2 : 1) * pivot;
            for (int o = 0; o < outputs; o++)
            {
                double right = 6 * Row(k + 1)[o] + (isFirst ? 2 * slopes[o] : isLast ? -2 * slopes[outputs + o] : 0);
                Row(k + 1)[o] = (right - (isFirst ? 0 : lower * Row(k)[o])) * pivot;
            }
        }

        for (int k = knots - 2; k >= 0; k--)
            for (int o = 0; o < outputs; o++)
                Row(k + 1)[o] -= upper[k] * Row(k + 2)[o];
        for (int o = 0; o < outputs; o++)
        {
            Row(0)[o] = Row(2)[o] - 2 * slopes[o];
            Row(knots + 1)[o] = Row(knots - 1)[o] + 2 * slopes[outputs + o];
        }

        return c;
    }

    /// <summary>Halfway between the knots, where such a spline is farthest from its function.</summary>
    private double Measure(RadialFunction function, double[] c)
    {
        int outputs = function.OutputCount;
        double largest = 0;
        for (int k = 0; k < Intervals; k++)
        {
            ReadOnlySpan<double> values = function.Evaluate(Distance(k + 0.5)), row = c.AsSpan(k * outputs, 4 * outputs);
            for (int o = 0; o < outputs; o++)
            {
                double inner = row[outputs + o] + row[2 * outputs + o], outer = row[o] + row[3 * outputs + o];
                largest = Math.Max(largest, Math.Abs((23 * inner + outer) / 48 - values[o]));
            }
        }

        return largest;
    }

    private unsafe NativeArray<float> Pack(double[] coefficients, int outputs, IReadOnlyList<RadialColumn> columns)
    {
        var rows = new NativeArray<float>((Intervals + 3L) * Width);
        for (int k = 0; k < Intervals + 3; k++)
            for (int c = 0; c < columns.Count; c++)
                rows.Pointer[k * Width + c] = (float)(columns[c].Factor * coefficients[k * outputs + columns[c].Output]);
        return rows;
    }
}
