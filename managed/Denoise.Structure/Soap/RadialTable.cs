using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.Soap;

/// <summary>
/// How much a Gaussian at distance r contributes to the coefficients of every radial function, by degree, but for the solid harmonic of
/// its place: a Gaussian times r^l exp(-a r^2) is another, around another place, and a solid harmonic averages over a Gaussian to its
/// value at the center. So
/// <code>
/// c_nlm = f_nl(r^2) R_lm(r),   f_nl(s) = sum over k of B_nk (π / (a_k + b))^(3/2) (b / (a_k + b))^l exp(-s a_k b / (a_k + b)),
/// </code>
/// b = 1 / (2 σ^2), R_lm = r^l Y_lm. f is interpolated in s by cubics from values and slopes.
/// </summary>
internal sealed unsafe class RadialTable : IDisposable
{
    public const int Lanes = 4;

    // Of steps in units of the shortest decay: cubics are then right to (0.06)^4 / 384 = 3e-8 of the part that decays fastest, to far
    // less of the others.
    private const double Step = 0.06;

    private readonly NativeBuffer<double> _values = new();
    private readonly double _perStep;
    private readonly int _last;

    public RadialTable(SoapSettings settings)
    {
        int count = settings.RadialCount, degrees = settings.LargestDegree + 1;
        Padded = (count + Lanes - 1) / Lanes * Lanes;
        Width = degrees * Padded;
        GaussianBasis[] bases = [.. Enumerable.Range(0, degrees).Select(l => new GaussianBasis(settings, l))];
        double b = 0.5 / (settings.Sigma * settings.Sigma), fastest = bases.Max(basis => basis.Exponents.Max(a => a * b / (a + b)));
        double step = Step / fastest, largest = settings.Reach * settings.Reach;
        _last = (int)Math.Ceiling(largest / step);
        _perStep = 1 / step;
        _values.Resize((_last + 2L) * 2 * Width);
        _values.Clear();
        for (int p = 0; p <= _last + 1; p++)
            for (int l = 0; l < degrees; l++)
                for (int n = 0; n < count; n++)
                {
                    double value = 0, slope = 0;
                    for (int k = 0; k < count; k++)
                    {
                        double sum = bases[l].Exponents[k] + b, decay = bases[l].Exponents[k] * b / sum;
                        double term = bases[l].Weights[n, k] * Math.Pow(Math.PI / sum, 1.5) * Math.Pow(b / sum, l)
                            * Math.Exp(-decay * step * p);
                        (value, slope) = (value + term, slope - decay * step * term);
                    }

                    double* at = _values.Pointer + ((long)p * 2 * Width) + l * Padded + n;
                    (at[0], at[Width]) = (value, slope);
                }
    }

    /// <summary>Radial functions, rounded up to whole vectors; those that there are not are 0.</summary>
    public int Padded { get; }

    /// <summary>Numbers for one distance: degrees times <see cref="Padded"/>.</summary>
    public int Width { get; }

    /// <param name="square">r^2, Å^2, at most that of the reach</param>
    /// <param name="values">[<see cref="Width"/>] receives f by degree and radial function</param>
    public void Find(double square, double* values)
    {
        double x = square * _perStep;
        int p = Math.Min((int)x, _last);
        double t = x - p, u = 1 - t;
        Vector256<double> atLeft = Vector256.Create((1 + 2 * t) * u * u), slopeLeft = Vector256.Create(t * u * u);
        Vector256<double> atRight = Vector256.Create((3 - 2 * t) * t * t), slopeRight = Vector256.Create(-t * t * u);
        double* left = _values.Pointer + ((long)p * 2 * Width), right = left + (2 * Width);
        for (int k = 0; k < Width; k += Lanes)
        {
            Vector256<double> value = atLeft * Vector256.Load(left + k);
            value = Vector256.MultiplyAddEstimate(slopeLeft, Vector256.Load(left + Width + k), value);
            value = Vector256.MultiplyAddEstimate(atRight, Vector256.Load(right + k), value);
            Vector256.MultiplyAddEstimate(slopeRight, Vector256.Load(right + Width + k), value).Store(values + k);
        }
    }

    public void Dispose() => _values.Dispose();
}
