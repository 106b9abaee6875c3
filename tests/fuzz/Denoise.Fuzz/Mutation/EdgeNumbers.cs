namespace Denoise.Fuzz.Mutation;

/// <summary>Numbers where programs break: zero, the ends of types, almost equal ones, what is no number.</summary>
internal static class EdgeNumbers
{
    public static readonly string[] Texts =
    [
        "0", "-0", "1", "-1", "2", "3", "4", "7", "8", "9", "13", "14", "16", "63", "64", "65", "100", "127", "128", "255", "256", "1000",
        "32767", "32768", "65535", "65536", "1000000", "16777217", "2147483646", "2147483647", "2147483648", "-2147483648",
        "-2147483649", "4294967295", "4294967296", "715827882", "715827883", "9007199254740993", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
        "0.5", "-0.5", "0.1", "0.333333333333", "1e-3", "1e-5", "1e-9", "1e-12", "1e-15", "1e-16", "1e-30", "1e-45", "1e-150", "1e-160",
        "1e-300", "2.2250738585072014e-308", "4.9e-324", "5e-325", "1e3", "1e6", "1e9", "1e15", "1e17", "1e30", "1e38", "3.5e38", "1e150",
        "1e160", "1e300", "1.7976931348623157e308", "1.8e308", "-1e308", "1e309", "1e99999", "1e-99999", "1e2147483648", "nan", "NaN",
        "-nan", "inf", "-inf", "Infinity", "1.#IND", "1d5", "1D-3", "0x10", "1e", "1e+", ".", "-", "+", "+1", "--1", ".5", "5.", "1,5",
        "1_000", "1/2", "1(2)", "1.0(10)", "0000000000000000000001", "0.99999999999999999", "1.00000000000000001", "T", "F", "*", "?",
    ];

    public static readonly double[] Values =
    [
        0, -0.0, 1, -1, 0.5, 2, 3.2, 13, 1e-3, 1e-6, 1e-9, 1e-12, 1e-16, 1e-30, 1e-150, 1e-300, double.Epsilon, 1e3, 1e6, 1e9, 1e15, 1e30,
        1e150, 1e160, 1e300, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
        float.MaxValue, 4e38, int.MaxValue, (double)int.MaxValue + 1, long.MaxValue, 1 + 1e-15,
    ];

    public static readonly long[] Integers =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 13, 14, 16, 17, 31, 32, 64, 127, 128, 255, 256, 1000, 4096, 32767, 32768, 65535, 65536, 1 << 20, 1 << 26,
        715827882, 715827883, int.MaxValue - 1, int.MaxValue, int.MaxValue + 1L, int.MinValue, int.MinValue - 1L, uint.MaxValue,
        uint.MaxValue + 1L, 1L << 53, long.MaxValue, long.MinValue,
    ];
}
