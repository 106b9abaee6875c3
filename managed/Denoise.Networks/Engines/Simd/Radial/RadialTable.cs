using Denoise.Networks.Engines.Simd.Layout;

namespace Denoise.Networks.Engines.Simd.Radial;

/// <summary>
/// The radial weights of a layer as piecewise cubics, so that an edge costs three multiply-adds per weight instead of a network.
/// Intervals are equal in <c>u = r / (r + a)</c> with a half the cutoff: the functions vary faster at short distances. In
/// interval k, with t in [0, 1),
/// <code>weight[c] = ((row[3][c] t + row[2][c]) t + row[1][c]) t + row[0][c],   row = Rows + k * RowLength</code>
/// from interpolation at the four Chebyshev points. The number of intervals follows from the measured error.
/// </summary>
internal sealed class RadialTable : IDisposable
{
    /// <summary>Largest error of a weight of the network, absolute; what single precision keeps of weights of order 10.</summary>
    public const double ErrorTarget = 2e-6;

    private const int MostIntervals = 4096;

    // Interpolation points in [0, 1], and places between them where the error of a cubic is largest.
    private static readonly double[] Nodes = [.. Enumerable.Range(0, 4).Select(k => (1 - Math.Cos((2 * k + 1) * Math.PI / 8)) / 2)];
    private static readonly double[] Checks = [0, (1 - Math.Sqrt(0.5)) / 2, 0.5, (1 + Math.Sqrt(0.5)) / 2];
    private static readonly double[,] NodesToPowers = InvertVandermonde(Nodes);

    private readonly NativeArray<float> _rows;
    private readonly double _offset;
    private readonly double _intervalsPerUnit;

    /// <param name="function">the radial network</param>
    /// <param name="cutoff">Å</param>
    /// <param name="columns">what the table holds</param>
    public RadialTable(RadialFunction function, double cutoff, IReadOnlyList<RadialColumn> columns)
    {
        // Whole vectors of either width.
        Width = (columns.Count + 15) & ~15;
        _offset = cutoff / 2;
        int intervals = 64;
        while (true)
        {
            Intervals = intervals;
            _intervalsPerUnit = intervals * (cutoff + _offset) / cutoff;
            double[] powers = Fit(function);
            LargestError = Measure(function, powers);
            if (LargestError <= ErrorTarget || intervals >= MostIntervals)
            {
                _rows = new((long)intervals * RowLength);
                Store(powers, function.OutputCount, columns);
                return;
            }

            // A cubic's error falls with the fourth power of the interval; a little more, to be done in one step.
            double factor = Math.Pow(LargestError / ErrorTarget, 0.25) * 1.05;
            intervals = (int)Math.Min(MostIntervals, Math.Ceiling(intervals * factor));
        }
    }

    /// <summary>Weights of an edge, padded to whole vectors.</summary>
    public int Width { get; }

    public int Intervals { get; private set; }

    /// <summary>Floats of an interval.</summary>
    public int RowLength => 4 * Width;

    /// <summary>Largest deviation from the radial network that was found while the table was built.</summary>
    public double LargestError { get; private set; }

    /// <summary>a: u = r / (r + a).</summary>
    public float Offset => (float)_offset;

    /// <summary>The interval is the integral part of <c>IntervalsPerUnit * u</c>, t the rest.</summary>
    public float IntervalsPerUnit => (float)_intervalsPerUnit;

    public unsafe float* Rows => _rows.Pointer;

    public long MemoryBytes => _rows.Length * sizeof(float);

    public void Dispose() => _rows.Dispose();

    private double Distance(double intervals)
    {
        double u = intervals / _intervalsPerUnit;
        return _offset * u / (1 - u);
    }

    /// <summary>[interval, power, output] coefficients of all of the network's outputs.</summary>
    private double[] Fit(RadialFunction function)
    {
        int outputs = function.OutputCount;
        double[] powers = new double[Intervals * 4 * outputs];
        for (int k = 0; k < Intervals; k++)
            for (int node = 0; node < 4; node++)
            {
                ReadOnlySpan<double> values = function.Evaluate(Distance(k + Nodes[node]));
                for (int power = 0; power < 4; power++)
                {
                    double factor = NodesToPowers[power, node];
                    Span<double> row = powers.AsSpan((k * 4 + power) * outputs, outputs);
                    for (int c = 0; c < outputs; c++)
                        row[c] += factor * values[c];
                }
            }

        return powers;
    }

    private double Measure(RadialFunction function, double[] powers)
    {
        int outputs = function.OutputCount;
        double largest = 0;
        for (int k = 0; k < Intervals; k++)
            foreach (double t in Checks)
            {
                ReadOnlySpan<double> values = function.Evaluate(Distance(k + t));
                ReadOnlySpan<double> row = powers.AsSpan(k * 4 * outputs, 4 * outputs);
                for (int c = 0; c < outputs; c++)
                {
                    double fit = ((row[3 * outputs + c] * t + row[2 * outputs + c]) * t + row[outputs + c]) * t + row[c];
                    largest = Math.Max(largest, Math.Abs(fit - values[c]));
                }
            }

        return largest;
    }

    private unsafe void Store(double[] powers, int outputs, IReadOnlyList<RadialColumn> columns)
    {
        for (int k = 0; k < Intervals * 4; k++)
            for (int c = 0; c < columns.Count; c++)
                _rows.Pointer[k * Width + c] = (float)(columns[c].Factor * powers[k * outputs + columns[c].Output]);
    }

    /// <summary>[power, node]: from values at the nodes to the coefficients of the polynomial through them.</summary>
    private static double[,] InvertVandermonde(double[] nodes)
    {
        double[,] inverse = new double[nodes.Length, nodes.Length];
        for (int node = 0; node < nodes.Length; node++)
        {
            // Lagrange's polynomial of this node, multiplied out factor by factor.
            double[] polynomial = new double[nodes.Length];
            polynomial[0] = 1;
            int degree = 0;
            for (int other = 0; other < nodes.Length; other++)
            {
                if (other == node)
                    continue;
                double scale = 1 / (nodes[node] - nodes[other]);
                degree++;
                for (int power = degree; power >= 0; power--)
                    polynomial[power] = ((power > 0 ? polynomial[power - 1] : 0) - nodes[other] * polynomial[power]) * scale;
            }

            for (int power = 0; power < nodes.Length; power++)
                inverse[power, node] = polynomial[power];
        }

        return inverse;
    }
}
