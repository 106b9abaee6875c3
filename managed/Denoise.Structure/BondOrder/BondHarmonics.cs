using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Structure.BondOrder;

/// <summary>
/// Means of spherical harmonics over the directions of bonds. A row holds, for every degree l, the 2l + 1 numbers q_l0, then the real
/// and imaginary parts of √2 q_lm for m = 1 to l, all times √(4π / (2l + 1)) and without the sign (-1)^m: so that the sum of their
/// squares is q_l², and the product of two rows that of two atoms. In Cartesian form, Y_lm = S_lm(z) (x + iy)^m with S by recurrence in
/// l (Schmidt's normalisation), four bonds at a time.
/// </summary>
internal sealed unsafe class BondHarmonics
{
    private const int Lanes = 4;

    // Vectors of bonds that are worked on at a time: their powers and the last two S stay in the first cache.
    private const int BlockVectors = 8;

    private readonly int _largest;

    // By l: first element in the row; -1 where it is not wanted.
    private readonly int[] _starts;

    // By m: S_mm. By m (largest + 1) + l: factors of z S_(l-1) and of S_(l-2).
    private readonly double[] _diagonal;
    private readonly double[] _near;
    private readonly double[] _far;

    /// <param name="degrees">l, from 0, each once</param>
    public BondHarmonics(IReadOnlyList<int> degrees)
    {
        _largest = degrees.Max();
        int count = _largest + 1;
        _starts = new int[count];
        Array.Fill(_starts, -1);
        foreach (int degree in degrees)
        {
            _starts[degree] = Width;
            Width += 2 * degree + 1;
        }

        (_diagonal, _near, _far) = (new double[count], new double[count * count], new double[count * count]);
        for (int m = 0; m < count; m++)
        {
            _diagonal[m] = m < 2 ? 1 : _diagonal[m - 1] * Math.Sqrt((2 * m - 1) / (2.0 * m));
            for (int l = m + 1; l < count; l++)
            {
                double scale = 1 / Math.Sqrt(l * l - m * m);
                _near[m * count + l] = (2 * l - 1) * scale;
                _far[m * count + l] = l - 1 > m ? -Math.Sqrt((l - 1) * (l - 1) - m * m) * scale : 0;
            }
        }
    }

    /// <summary>Numbers in a row.</summary>
    public int Width { get; }

    /// <summary>Where a degree begins in a row.</summary>
    public int Start(int degree) => _starts[degree];

    /// <summary>Means over bonds; a bond without length has no direction and is left out. All 0 where there are no bonds.</summary>
    /// <param name="x">[count, readable to a multiple of 4] components of the bonds, of any length</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">bonds</param>
    /// <param name="row">[<see cref="Width"/>] receives the means</param>
    [SkipLocalsInit]
    public void Mean(double* x, double* y, double* z, int count, double* row)
    {
        Vector256<double>* block = stackalloc Vector256<double>[7 * BlockVectors];
        new Span<double>(row, Width).Clear();
        double bonds = 0;
        for (int first = 0; first < count; first += Lanes * BlockVectors)
            bonds += Add(x + first, y + first, z + first, Math.Min(count - first, Lanes * BlockVectors), block, row);
        if (bonds > 0)
            for (int k = 0; k < Width; k++)
                row[k] /= bonds;
    }

    private double Add(double* x, double* y, double* z, int count, Vector256<double>* block, double* row)
    {
        int vectors = (count + Lanes - 1) / Lanes;
        Vector256<double>* ux = block, uy = ux + BlockVectors, uz = uy + BlockVectors, re = uz + BlockVectors, im = re + BlockVectors;
        Vector256<double>* last = im + BlockVectors, former = last + BlockVectors;
        Vector256<double> bonds = default, lane = Vector256.Create(0.0, 1, 2, 3);
        for (int v = 0; v < vectors; v++, lane += Vector256.Create((double)Lanes))
        {
            Vector256<double> dx = Vector256.Load(x + Lanes * v), dy = Vector256.Load(y + Lanes * v), dz = Vector256.Load(z + Lanes * v);
            Vector256<double> square = dx * dx + dy * dy + dz * dz;
            Vector256<double> isBond = Vector256.LessThan(lane, Vector256.Create((double)count))
                & Vector256.GreaterThan(square, Vector256<double>.Zero);
            Vector256<double> one = isBond & Vector256<double>.One;
            Vector256<double> inverse = Vector256<double>.One / Vector256.Sqrt(square);
            // Past the count anything may lie, also what is not a number.
            (ux[v], uy[v], uz[v]) = (isBond & (dx * inverse), isBond & (dy * inverse), isBond & (dz * inverse));
            (re[v], im[v]) = (one, Vector256<double>.Zero);
            bonds += one;
        }

        int stride = _largest + 1;
        fixed (double* near = _near, far = _far)
        fixed (int* starts = _starts)
        {
            for (int m = 0; m <= _largest; m++)
            {
                Vector256<double> diagonal = Vector256.Create(_diagonal[m]);
                if (m > 0)
                {
                    for (int v = 0; v < vectors; v++)
                        (re[v], im[v]) = (re[v] * ux[v] - im[v] * uy[v], re[v] * uy[v] + im[v] * ux[v]);
                }

                for (int v = 0; v < vectors; v++)
                    (last[v], former[v]) = (diagonal, Vector256<double>.Zero);
                for (int l = m; l <= _largest; l++)
                {
                    if (l > m)
                    {
                        Vector256<double> a = Vector256.Create(near[m * stride + l]), b = Vector256.Create(far[m * stride + l]);
                        for (int v = 0; v < vectors; v++)
                        {
                            Vector256<double> next = Vector256.MultiplyAddEstimate(a * uz[v], last[v], b * former[v]);
                            (former[v], last[v]) = (last[v], next);
                        }
                    }

                    if (starts[l] < 0)
                        continue;
                    Vector256<double> real = default, imaginary = default;
                    for (int v = 0; v < vectors; v++)
                    {
                        real = Vector256.MultiplyAddEstimate(last[v], re[v], real);
                        imaginary = Vector256.MultiplyAddEstimate(last[v], im[v], imaginary);
                    }

                    double* to = row + starts[l] + Math.Max(2 * m - 1, 0);
                    to[0] += Vector256.Sum(real);
                    if (m > 0)
                        to[1] += Vector256.Sum(imaginary);
                }
            }
        }

        return Vector256.Sum(bonds);
    }
}
