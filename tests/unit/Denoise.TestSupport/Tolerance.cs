namespace Denoise.TestSupport;

/// <summary>The tolerances of every comparison, in one place; CONTRIBUTING.md says why each is what it is.</summary>
public static class Tolerance
{
    /// <summary>Double-precision reference against a closed form.</summary>
    public const double ClosedForm = 1e-12;

    /// <summary>Single precision (or a device) against the double-precision reference, scaled by max(1, |expected|).</summary>
    public const double Single = 1e-5;

    /// <summary>Rotation, translation, permutation, periodic image in double precision.</summary>
    public const double SymmetryDouble = 1e-10;

    /// <summary>The same in single precision.</summary>
    public const double SymmetrySingle = 1e-5;

    /// <summary>Step of central differences in double precision.</summary>
    public const double DifferenceStep = 1e-4;

    /// <summary>Central differences agree with a derivative to this part of it, plus <see cref="DifferenceAbsolute"/>.</summary>
    public const double DifferenceRelative = 1e-4;

    public const double DifferenceAbsolute = 1e-6;

    /// <summary>Largest |actual - expected| / max(1, |expected|).</summary>
    public static double LargestError(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]) / Math.Max(1, Math.Abs(expected[i]));
            // A NaN compares false with everything: count it as the worst error there is.
            if (!(error <= largest))
                largest = double.IsNaN(error) ? double.PositiveInfinity : error;
        }

        return largest;
    }

    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        double error = LargestError(expected, actual);
        Assert.True(error <= tolerance, $"{what}: largest error {error:g3} is above {tolerance:g3}");
    }

    /// <summary>A derivative against the central difference that it should be.</summary>
    public static void AssertDerivative(double difference, double derivative, string what)
    {
        double allowed = DifferenceRelative * Math.Abs(difference) + DifferenceAbsolute;
        Assert.True(Math.Abs(derivative - difference) <= allowed, $"{what}: derivative {derivative:g9}, central difference {difference:g9}");
    }
}
