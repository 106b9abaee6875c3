namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// Factors between the vector algebra of the convolution kernels and e3nn's tensor product,
/// <code>sqrt(2 l3 + 1) sum Wigner3j(l1,l2,l3) x Y_l2(e) = factor * kernel's formula</code>
/// with the formulas in <see cref="Kernels.ScalarConvolution"/>, <see cref="Kernels.VectorConvolution"/> and
/// <see cref="Kernels.TensorConvolution"/>. Signs follow e3nn's basis, so that cross products come out negative.
/// </summary>
internal static class CouplingFactors
{
    /// <summary>Of the degrees that the vector algebra knows; paths with a higher one are coupled by matrices.</summary>
    private const int LMax = 2;

    /// <summary>Whether a path has no formula: it goes by <see cref="CouplingProgram"/>, whose matrices hold their factors.</summary>
    public static bool IsCoupled(int l1, int l2, int l3) => Math.Max(l1, Math.Max(l2, l3)) > LMax;

    public static double Get(int l1, int l2, int l3) => (l1, l2, l3) switch
    {
        (0, 0, 0) or (1, 0, 1) or (1, 1, 0) or (2, 0, 2) => 1,
        (0, 1, 1) => Math.Sqrt(3),
        (0, 2, 2) => Math.Sqrt(15.0 / 4),
        (1, 1, 1) => -Math.Sqrt(3.0 / 2),
        (1, 1, 2) => Math.Sqrt(3.0 / 2),
        (1, 2, 1) => Math.Sqrt(9.0 / 2),
        (1, 2, 2) => -Math.Sqrt(5.0 / 2),
        (2, 1, 1) => Math.Sqrt(9.0 / 10),
        (2, 1, 2) => -Math.Sqrt(1.0 / 2),
        (2, 2, 0) => Math.Sqrt(3.0 / 4),
        (2, 2, 1) => -Math.Sqrt(3.0 / 2),
        (2, 2, 2) => Math.Sqrt(45.0 / 14),
        _ => throw new NotSupportedException($"path ({l1},{l2},{l3}) has no kernel"),
    };
}
