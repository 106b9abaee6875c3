using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Networks.Engines.Simd;

/// <summary>Vectors r_i - r_j from candidates j for neighbors to an atom i: differences of doubles, rounded.</summary>
internal static unsafe class CandidateVectors
{
    /// <summary>Candidates at a time.</summary>
    public const int Lanes = 8;

    /// <summary>The last few candidates and others that do no harm: there is always an atom 0.</summary>
    /// <param name="candidates">[count]</param>
    /// <param name="count">fewer than eight</param>
    /// <param name="padded">[8] receives them</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int* Pad(int* candidates, int count, int* padded)
    {
        if (Avx2.IsSupported)
        {
            Vector256<int> isCandidate = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count));
            Avx2.MaskLoad(candidates, isCandidate).Store(padded);
        }
        else
            for (int lane = 0; lane < Lanes; lane++)
                padded[lane] = lane < count ? candidates[lane] : 0;
        return padded;
    }

    /// <summary>(x, y, z, 0), reading no further than z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Load(double* positions, int i)
    {
        double* r = positions + 3 * (nint)i;
        return Avx.IsSupported
            ? Avx.MaskLoad(r, Vector256.Create(-1, -1, -1, 0L).AsDouble())
            : Vector256.Create(Vector128.Load(r), Vector128.CreateScalar(r[2]));
    }

    /// <summary>Of eight candidates.</summary>
    /// <param name="center">r_i</param>
    /// <param name="positions">of atoms and ghosts</param>
    /// <param name="j">[8] candidates</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Get(
        Vector256<double> center, double* positions, int* j, out Vector256<float> x, out Vector256<float> y, out Vector256<float> z)
    {
        if (!Avx.IsSupported)
        {
            float* columns = stackalloc float[3 * Lanes];
            for (int lane = 0; lane < Lanes; lane++)
            {
                Vector128<float> difference = Difference(center, positions, j[lane]);
                for (int axis = 0; axis < 3; axis++)
                    columns[axis * Lanes + lane] = difference[axis];
            }

            (x, y, z) = (Vector256.Load(columns), Vector256.Load(columns + Lanes), Vector256.Load(columns + 2 * Lanes));
            return;
        }

        // Four by four within each half.
        Vector256<float> a = Vector256.Create(Difference(center, positions, j[0]), Difference(center, positions, j[4]));
        Vector256<float> b = Vector256.Create(Difference(center, positions, j[1]), Difference(center, positions, j[5]));
        Vector256<float> c = Vector256.Create(Difference(center, positions, j[2]), Difference(center, positions, j[6]));
        Vector256<float> d = Vector256.Create(Difference(center, positions, j[3]), Difference(center, positions, j[7]));
        Vector256<float> xyLow = Avx.UnpackLow(a, b), xyHigh = Avx.UnpackLow(c, d);
        x = Avx.Shuffle(xyLow, xyHigh, 0b01_00_01_00);
        y = Avx.Shuffle(xyLow, xyHigh, 0b11_10_11_10);
        z = Avx.Shuffle(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0b01_00_01_00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Difference(Vector256<double> center, double* positions, int j)
    {
        Vector256<double> d = center - Load(positions, j);
        return Avx.IsSupported ? Avx.ConvertToVector128Single(d) : Vector128.Narrow(d.GetLower(), d.GetUpper());
    }
}
