using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Structure.Pairs;

/// <summary>Distances from an atom to four others at a time: the same bits as one by one.</summary>
internal static unsafe class PairDistance
{
    public const int Lanes = 4;

    /// <summary>(x, y, z, 0) of an atom, reading no further than z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* positions, int atom)
    {
        double* r = positions + 3 * (nint)atom;
        return Avx.IsSupported
            ? Avx.MaskLoad(r, Vector256.Create(-1, -1, -1, 0L).AsDouble())
            : Vector256.Create(Vector128.Load(r), Vector128.CreateScalar(r[2]));
    }

    /// <summary>Of four atoms from a center.</summary>
    /// <param name="center">from <see cref="Load"/></param>
    /// <param name="positions">of owned and ghost atoms</param>
    /// <param name="atoms">[4]</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> OfFour(Vector256<double> center, double* positions, int* atoms)
    {
        Vector256<double> a = Load(positions, atoms[0]) - center, b = Load(positions, atoms[1]) - center;
        Vector256<double> c = Load(positions, atoms[2]) - center, d = Load(positions, atoms[3]) - center;
        if (!Avx.IsSupported)
            return Vector256.Create(Length(a), Length(b), Length(c), Length(d));
        Vector256<double> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d);
        Vector256<double> x = Avx.Permute2x128(ab, cd, 0x20), z = Avx.Permute2x128(ab, cd, 0x31);
        Vector256<double> y = Avx.Permute2x128(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0x20);
        return Vector256.Sqrt(x * x + y * y + z * z);
    }

    private static double Length(Vector256<double> v) => Math.Sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}
