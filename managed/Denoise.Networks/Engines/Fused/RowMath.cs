using System.Runtime.Intrinsics;

namespace Denoise.Networks.Engines.Fused;

/// <summary>Sums over rows of whole vectors (multiples of eight floats).</summary>
internal static unsafe class RowMath
{
    /// <summary>to += factor * from</summary>
    public static void AddScaled(float* from, float factor, float* to, nint count)
    {
        Vector256<float> f = Vector256.Create(factor);
        for (nint c = 0; c < count; c += 8)
            Vector256.Store(Vector256.FusedMultiplyAdd(f, Vector256.Load(from + c), Vector256.Load(to + c)), to + c);
    }

    /// <summary>row *= factor</summary>
    public static void Scale(float* row, float factor, nint count)
    {
        for (nint c = 0; c < count; c += 8)
            Vector256.Store(Vector256.Load(row + c) * factor, row + c);
    }

    /// <summary>The dot product a . b; then b *= factor.</summary>
    public static float DotAndScale(float* a, float* b, float factor, nint count)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (nint c = 0; c < count; c += 8)
        {
            Vector256<float> value = Vector256.Load(b + c);
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(a + c), value, sum);
            Vector256.Store(value * factor, b + c);
        }

        return Vector256.Sum(sum);
    }
}
