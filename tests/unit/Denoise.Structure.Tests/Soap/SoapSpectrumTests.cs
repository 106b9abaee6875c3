using Denoise.Atoms;
using Denoise.Structure.Reference;
using Denoise.Structure.Soap;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests.Soap;

public unsafe class SoapSpectrumTests
{
    // Of the largest component: the radial table is the coarsest part.
    private const double Accuracy = 1e-6;

    [Theory]
    [InlineData(8, 6, 5.0, 0.5, 1)]
    [InlineData(10, 8, 6.0, 1.0, 1)]
    [InlineData(3, 2, 4.0, 0.3, 2)]
    [InlineData(5, 4, 3.5, 0.5, 3)]
    [InlineData(1, 0, 3.0, 0.4, 1)]
    public void Agrees_with_the_definition(int radial, int degree, double cutoff, double sigma, int species)
    {
        SoapSettings settings = new(radial, degree, cutoff, sigma, species);
        (int Species, Vec3 At)[] atoms = Cloud(settings, seed: 7, count: 6);
        double[] expected = ReferenceSoap.Spectrum(settings, atoms), actual = Spectrum(settings, atoms);
        AssertClose(expected, actual, Accuracy);
    }

    [Fact]
    public void Radial_functions_are_orthonormal()
    {
        SoapSettings settings = new(8, 6, 5.0, 0.5);
        for (int l = 0; l <= settings.LargestDegree; l++)
        {
            GaussianBasis basis = new(settings, l);
            for (int n = 0; n < 8; n++)
                for (int k = 0; k <= n; k++)
                {
                    double sum = 0;
                    for (int i = 1; i < 20000; i++)
                    {
                        double r = i * 0.001;
                        sum += ReferenceSoap.Radial(basis, l, n, r) * ReferenceSoap.Radial(basis, l, k, r) * r * r * 0.001;
                    }

                    Assert.Equal(n == k ? 1 : 0, sum, 1e-6);
                }
        }
    }

    [Fact]
    public void One_gaussian_at_the_center_has_its_closed_form()
    {
        // One radial function: a = ln 1000, g = B exp(-a r^2), B^2 = 4 (2a)^(3/2) / sqrt(pi); c_000 = B (pi / (a + b))^(3/2) Y_00.
        SoapSettings settings = new(1, 2, 4, 0.5);
        double a = Math.Log(1000), b = 2, square = 4 * Math.Pow(2 * a, 1.5) / Math.Sqrt(Math.PI);
        double expected = Math.PI * Math.Sqrt(8) * square * Math.Pow(Math.PI / (a + b), 3) / (4 * Math.PI);
        double[] actual = Spectrum(settings, [(0, default)]);
        Assert.Equal(expected, actual[0], Tolerance.ClosedForm * Math.Max(1, expected));
        Assert.Equal(0, actual[1], Tolerance.ClosedForm);
        Assert.Equal(0, actual[2], Tolerance.ClosedForm);
    }

    [Fact]
    public void Does_not_depend_on_orientation_or_order()
    {
        SoapSettings settings = new(8, 6, 5.0, 0.5, 2);
        (int Species, Vec3 At)[] atoms = Cloud(settings, seed: 3, count: 30);
        // About z by 1, then about x by 2.
        Vec3 Turn(Vec3 v)
        {
            (double s, double c) = Math.SinCos(1);
            Vec3 w = new(c * v.X - s * v.Y, s * v.X + c * v.Y, v.Z);
            (s, c) = Math.SinCos(2);
            return new(w.X, c * w.Y - s * w.Z, s * w.Y + c * w.Z);
        }

        double[] before = Spectrum(settings, atoms);
        double[] after = Spectrum(settings, [.. atoms.Reverse().Select(atom => (atom.Species, Turn(atom.At)))]);
        AssertClose(before, after, Tolerance.SymmetryDouble);
    }

    [Fact]
    public void Atoms_beyond_reach_do_not_count()
    {
        SoapSettings settings = new(4, 3, 4.0, 0.5);
        double[] alone = Spectrum(settings, [(0, new(1, 2, 0.5))]);
        double[] other = Spectrum(settings, [(0, new(1, 2, 0.5)), (0, new(0, 0, settings.Reach + 1e-9))]);
        Assert.Equal(alone, other);
        Assert.NotEqual(alone, Spectrum(settings, [(0, new(1, 2, 0.5)), (0, new(0, 0, settings.Reach - 1e-9))]));
    }

    private static double[] Spectrum(SoapSettings settings, IEnumerable<(int Species, Vec3 At)> atoms)
    {
        using RadialTable table = new(settings);
        using SoapSpectrum soap = new(settings, table);
        soap.Begin();
        foreach ((int species, Vec3 at) in atoms)
            soap.Add(species, at.X, at.Y, at.Z);
        var spectrum = new double[settings.Length];
        fixed (double* to = spectrum)
            soap.Finish(to);
        return spectrum;
    }

    private static (int Species, Vec3 At)[] Cloud(SoapSettings settings, int seed, int count)
    {
        Random random = new(seed);
        double Next() => (2 * random.NextDouble() - 1) * settings.Reach / Math.Sqrt(3);
        return [(0, default), .. Enumerable.Range(0, count).Select(k => (k % settings.SpeciesCount, new Vec3(Next(), Next(), Next())))];
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        for (int k = 0; k < expected.Length; k++)
            Assert.True(Math.Abs(expected[k] - actual[k]) <= tolerance * scale,
                $"component {k} is {actual[k]:r}, {expected[k]:r} is expected; the largest is {scale:g3}");
    }
}
