using System.Runtime.CompilerServices;

namespace Denoise.Structure.Water;

/// <summary>
/// A sum of real spherical harmonics of degree 3. Products summed over all seven are those of the complex ones, being a rotation of
/// these; normalized here so that the squares of one direction add up to 1.
/// </summary>
internal struct CubicHarmonics
{
    public const int Count = 7;

    private double _zero;
    private double _cosine1;
    private double _sine1;
    private double _cosine2;
    private double _sine2;
    private double _cosine3;
    private double _sine3;

    /// <summary>Adds those of a direction, given by a vector of any length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double x, double y, double z)
    {
        double inverse = 1 / Math.Sqrt(x * x + y * y + z * z);
        (x, y, z) = (x * inverse, y * inverse, z * inverse);
        double xx = x * x, yy = y * y, zz = z * z;
        const double Root6 = 2.4494897427831780982, Root10 = 3.1622776601683793320, Root15 = 3.8729833462074168852;
        double one = Root6 / 4 * (5 * zz - 1);
        _zero += 0.5 * z * (5 * zz - 3);
        _cosine1 += one * x;
        _sine1 += one * y;
        _cosine2 += Root15 / 2 * z * (xx - yy);
        _sine2 += Root15 * x * y * z;
        _cosine3 += Root10 / 4 * x * (xx - 3 * yy);
        _sine3 += Root10 / 4 * y * (3 * xx - yy);
    }

    /// <summary>Stores the seven, as a unit vector; no numbers where all are zero.</summary>
    public readonly unsafe void StoreNormalized(double* values)
    {
        double square = _zero * _zero + _cosine1 * _cosine1 + _sine1 * _sine1 + _cosine2 * _cosine2 + _sine2 * _sine2
            + _cosine3 * _cosine3 + _sine3 * _sine3;
        double inverse = square > 0 ? 1 / Math.Sqrt(square) : double.NaN;
        values[0] = inverse * _zero;
        values[1] = inverse * _cosine1;
        values[2] = inverse * _sine1;
        values[3] = inverse * _cosine2;
        values[4] = inverse * _sine2;
        values[5] = inverse * _cosine3;
        values[6] = inverse * _sine3;
    }
}
