using System.Runtime.Intrinsics;

namespace Denoise.Trajectories.Compressed;

/// <summary>Sums of a linear fit with a few unknowns and right-hand sides.</summary>
internal sealed class LeastSquares(int unknowns, int sides = 1)
{
    private readonly int _width = unknowns + sides;
    private readonly double[] _matrix = new double[unknowns * (unknowns + sides)];
    private readonly Vector256<double>[] _lanes = new Vector256<double>[unknowns * (unknowns + sides)];

    public void Clear()
    {
        Array.Clear(_matrix);
        Array.Clear(_lanes);
    }

    /// <param name="x">[unknowns]</param>
    /// <param name="y">[sides]</param>
    public void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        for (int r = 0; r < unknowns; r++)
        {
            Span<double> row = _matrix.AsSpan(r * _width, _width);
            double factor = x[r];
            for (int c = r; c < unknowns; c++)
                row[c] += factor * x[c];
            for (int s = 0; s < sides; s++)
                row[unknowns + s] += factor * y[s];
        }
    }

    /// <summary>Four equations at once, one per lane, of one side.</summary>
    /// <param name="x">[unknowns]</param>
    /// <param name="y">the side</param>
    public void AddLanes(ReadOnlySpan<Vector256<double>> x, Vector256<double> y)
    {
        for (int r = 0; r < unknowns; r++)
        {
            Span<Vector256<double>> row = _lanes.AsSpan(r * _width, _width);
            Vector256<double> factor = x[r];
            for (int c = r; c < unknowns; c++)
                row[c] += factor * x[c];
            row[unknowns] += factor * y;
        }
    }

    /// <summary>As if each of the x added had noise of its own.</summary>
    /// <param name="squares">sum of its squares</param>
    public void AddNoise(double squares)
    {
        for (int r = 0; r < unknowns; r++)
            _matrix[r * _width + r] += squares;
    }

    /// <param name="result">[unknowns, sides]</param>
    /// <returns>false: what was added does not determine them</returns>
    public bool Solve(Span<double> result)
    {
        for (int k = 0; k < _matrix.Length; k++)
            _matrix[k] += Vector256.Sum(_lanes[k]);
        Array.Clear(_lanes);
        double[] m = [.. _matrix];
        for (int r = 0; r < unknowns; r++)
            for (int c = 0; c < r; c++)
                m[r * _width + c] = m[c * _width + r];
        for (int p = 0; p < unknowns; p++)
        {
            double whole = _matrix[p * _width + p], pivot = m[p * _width + p];
            if (!(pivot > 1e-10 * whole))
                return false;
            for (int r = p + 1; r < unknowns; r++)
            {
                double factor = m[r * _width + p] / pivot;
                for (int c = p; c < unknowns + sides; c++)
                    m[r * _width + c] -= factor * m[p * _width + c];
            }
        }

        for (int s = 0; s < sides; s++)
            for (int r = unknowns - 1; r >= 0; r--)
            {
                double value = m[r * _width + unknowns + s];
                for (int c = r + 1; c < unknowns; c++)
                    value -= m[r * _width + c] * result[c * sides + s];
                result[r * sides + s] = value / m[r * _width + r];
            }

        return true;
    }
}
