using Denoise.Networks.Engines.Simd.Layout;

namespace Denoise.Networks.Engines.Simd.Radial;

/// <summary>
/// The radial weights of a layer as quadratic splines, so that an edge costs three multiply-adds per weight instead of a network.
/// Knots are equidistant in <c>u = r / (r + a)</c> with a half the cutoff: the functions vary faster at short distances. In interval
/// k, with t in [0, 1),
/// <code>
/// weight[c] = sum_j b_j(t) row[k + j][c]    j = 0 .. 2    row[k] = Rows + k * Width
/// b = [ (1-t)^2,  1 + 2t - 2t^2,  t^2 ] / 2
/// </code>
/// B-splines, because neighboring intervals share rows: the rows between the shortest and the longest edge of a crystal or a melt
/// take a third of the memory of polynomials per interval and stay in the fast caches. Cubic ones would need half as many rows, but
/// an edge reads a row more, and that is what limits. The number of intervals follows from the measured error.
/// </summary>
internal sealed class RadialTable : IDisposable
{
    /// <summary>Largest error of a weight of the network, absolute. Weights are of order 1 to 10, so that it is relative 1e-6.</summary>
    public const double ErrorTarget = 4e-6;

    private const int MostIntervals = 1 << 14;

    // A vector may be read behind the last row's end.
    private const int Slack = 16;

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

            // A quadratic's error falls with the third power of the interval; a little more, to be done in one step.
            double factor = Math.Cbrt(LargestError / ErrorTarget) * 1.03;
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

    /// <summary>[Intervals + 2, Width]</summary>
    public unsafe float* Rows => _rows.Pointer;

    public long MemoryBytes => _rows.Length * sizeof(float);

    public void Dispose() => _rows.Dispose();

    private double Distance(double place)
    {
        double u = place / _intervalsPerUnit;
        return _offset * u / (1 - u);
    }

    /// <summary>
    /// [Intervals + 2, output] coefficients of the spline through the values in the middle of the intervals and at both ends:
    /// (c[k] + 6 c[k+1] + c[k+2]) / 8 = f(k + 1/2), (c[0] + c[1]) / 2 = f(0), likewise at the other end.
    /// </summary>
    private double[] Fit(RadialFunction function)
    {
        int outputs = function.OutputCount, rows = Intervals + 2;
        double[] c = new double[rows * outputs];
        Span<double> Row(int k) => c.AsSpan(k * outputs, outputs);
        function.Evaluate(0).CopyTo(Row(0));
        for (int k = 0; k < Intervals; k++)
            function.Evaluate(Distance(k + 0.5)).CopyTo(Row(k + 1));
        function.Evaluate(Distance(Intervals)).CopyTo(Row(rows - 1));

        // Tridiagonal (Thomas); the first equation is 1 1, the last too, the others 1 6 1.
        double[] upper = new double[rows];
        for (int k = 0; k < rows; k++)
        {
            bool isEnd = k == 0 || k == rows - 1;
            double before = k == 0 ? 0 : upper[k - 1], pivot = 1 / ((isEnd ? 1 : 6) - before);
            upper[k] = pivot;
            for (int o = 0; o < outputs; o++)
                Row(k)[o] = ((isEnd ? 2 : 8) * Row(k)[o] - (k == 0 ? 0 : Row(k - 1)[o])) * pivot;
        }

        for (int k = rows - 2; k >= 0; k--)
            for (int o = 0; o < outputs; o++)
                Row(k)[o] -= upper[k] * Row(k + 1)[o];
        return c;
    }

    /// <summary>Where such a spline is farthest from its function: 1/(2 sqrt(3)) to both sides of the middle of an interval.</summary>
    private double Measure(RadialFunction function, double[] c)
    {
        int outputs = function.OutputCount;
        double largest = 0;
        for (int k = 0; k < Intervals; k++)
            foreach (double t in (ReadOnlySpan<double>)[0.5 - 0.28867513459481287, 0.5 + 0.28867513459481287])
            {
                ReadOnlySpan<double> values = function.Evaluate(Distance(k + t)), row = c.AsSpan(k * outputs, 3 * outputs);
                for (int o = 0; o < outputs; o++)
                {
                    double spline = 0.5 * ((1 - t) * (1 - t) * row[o] + (1 + 2 * t - 2 * t * t) * row[outputs + o]
                        + t * t * row[2 * outputs + o]);
                    largest = Math.Max(largest, Math.Abs(spline - values[o]));
                }
            }

        return largest;
    }

    private unsafe NativeArray<float> Pack(double[] coefficients, int outputs, IReadOnlyList<RadialColumn> columns)
    {
        var rows = new NativeArray<float>((Intervals + 2L) * Width + Slack);
        for (int k = 0; k < Intervals + 2; k++)
            for (int c = 0; c < columns.Count; c++)
                rows.Pointer[k * Width + c] = (float)columns[c].Evaluate(coefficients.AsSpan(k * outputs, outputs));
        return rows;
    }
}
