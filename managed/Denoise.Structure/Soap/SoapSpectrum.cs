using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.Soap;

/// <summary>
/// SOAP power spectra, one center at a time: <see cref="Begin"/>, <see cref="Add"/> for every atom within reach, the center's own
/// included where it counts, then <see cref="Finish"/>:
/// <code>p_nn'l = π sqrt(8 / (2l + 1)) sum over m of c_nlm c_n'lm.</code>
/// Densities are collected per species with the radial functions side by side, four to a vector. Belongs to one thread; tables are
/// shared.
/// </summary>
internal sealed unsafe class SoapSpectrum : IDisposable
{
    private readonly SoapSettings _settings;
    private readonly RadialTable _radial;
    private readonly SolidHarmonics _harmonics;
    private readonly NativeBuffer<double> _coefficients = new();
    private readonly NativeBuffer<double> _scratch = new();
    private readonly double[] _scales;
    private readonly double _farthest;

    /// <param name="settings">checked</param>
    /// <param name="radial">of the same settings, borrowed</param>
    public SoapSpectrum(SoapSettings settings, RadialTable radial)
    {
        (_settings, _radial, _harmonics) = (settings, radial, new(settings.LargestDegree));
        _coefficients.Resize((long)settings.SpeciesCount * settings.Harmonics * radial.Padded);
        _scratch.Resize(radial.Width + settings.Harmonics);
        _scales = [.. Enumerable.Range(0, settings.LargestDegree + 1).Select(l => Math.PI * Math.Sqrt(8 / (2.0 * l + 1)))];
        _farthest = settings.Reach * settings.Reach;
    }

    public void Begin() => _coefficients.Clear();

    /// <summary>An atom, seen from the center, Å; beyond <see cref="SoapSettings.Reach"/> it does not count.</summary>
    [SkipLocalsInit]
    public void Add(int species, double x, double y, double z)
    {
        double square = x * x + y * y + z * z;
        if (square > _farthest)
            return;
        int padded = _radial.Padded, degrees = _settings.LargestDegree + 1;
        double* radial = _scratch.Pointer, harmonics = radial + _radial.Width;
        _radial.Find(square, radial);
        _harmonics.Find(x, y, z, harmonics);
        double* to = _coefficients.Pointer + ((long)species * _settings.Harmonics * padded);
        for (int l = 0; l < degrees; l++, radial += padded)
            for (int k = l * l; k < (l + 1) * (l + 1); k++, to += padded)
            {
                Vector256<double> harmonic = Vector256.Create(harmonics[k]);
                for (int n = 0; n < padded; n += RadialTable.Lanes)
                    Vector256.MultiplyAddEstimate(harmonic, Vector256.Load(radial + n), Vector256.Load(to + n)).Store(to + n);
            }
    }

    /// <param name="spectrum">[<see cref="SoapSettings.Length"/>]</param>
    [SkipLocalsInit]
    public void Finish(double* spectrum)
    {
        int padded = _radial.Padded, count = _settings.RadialCount, species = _settings.SpeciesCount;
        double* products = stackalloc double[padded];
        for (int one = 0; one < species; one++)
            for (int other = one; other < species; other++)
                for (int l = 0; l <= _settings.LargestDegree; l++)
                {
                    double* c = _coefficients.Pointer + ((long)one * _settings.Harmonics + l * l) * padded;
                    double* d = _coefficients.Pointer + ((long)other * _settings.Harmonics + l * l) * padded;
                    for (int n = 0; n < count; n++)
                    {
                        int first = one == other ? n : 0;
                        for (int v = first / RadialTable.Lanes * RadialTable.Lanes; v < padded; v += RadialTable.Lanes)
                        {
                            Vector256<double> sum = default;
                            for (int m = 0; m < 2 * l + 1; m++)
                                sum = Vector256.MultiplyAddEstimate(
                                    Vector256.Create(c[m * padded + n]), Vector256.Load(d + m * padded + v), sum);
                            (sum * _scales[l]).Store(products + v);
                        }

                        for (int k = first; k < count; k++)
                            *spectrum++ = products[k];
                    }
                }
    }

    public void Dispose()
    {
        _coefficients.Dispose();
        _scratch.Dispose();
    }
}
