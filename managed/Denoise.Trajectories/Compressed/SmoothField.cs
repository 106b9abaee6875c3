using System.Runtime.Intrinsics;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Displacements that vary slowly over a chunk (strain, long waves): products of Chebyshev polynomials of the site along each axis, up to
/// a total degree. What a denoised crystal has beyond its lattice is such a field.
/// </summary>
internal sealed unsafe class SmoothField
{
    public const int MostDegree = 8;

    private readonly double[] _basis = new double[TermsOf(MostDegree)];
    private readonly double[] _polynomials = new double[3 * (MostDegree + 1)];

    public int Degree { get; set; }

    /// <summary>Å; coefficients are multiples of it.</summary>
    public double Step { get; set; }

    /// <summary>[terms, 3] multiples of the step.</summary>
    public long[] Coefficients { get; set; } = [];

    public int Terms => TermsOf(Degree);

    public static int TermsOf(int degree) => (degree + 1) * (degree + 2) * (degree + 3) / 6;

    /// <summary>Fits it to what is left.</summary>
    /// <param name="state">with sites</param>
    /// <param name="rests">[count, 4] Å</param>
    /// <param name="stride">every so many atoms are looked at</param>
    /// <returns>false: they do not determine it</returns>
    public bool Fit(ChunkState state, double* rests, int stride)
    {
        int terms = Terms;
        LeastSquares fit = new(terms, 3);
        for (int i = 0; i < state.Count; i += stride)
        {
            Basis(state, i);
            fit.Add(_basis.AsSpan(0, terms), new ReadOnlySpan<double>(rests + 4L * i, 3));
        }

        double[] solution = new double[3 * terms];
        if (!fit.Solve(solution))
            return false;
        Coefficients = new long[3 * terms];
        for (int k = 0; k < solution.Length; k++)
        {
            if (!(Math.Abs(solution[k] / Step) < Grid.Largest))
                return false;
            Coefficients[k] = (long)Math.Round(solution[k] / Step);
        }

        return true;
    }

    /// <summary>Its values at all sites.</summary>
    public void Evaluate(ChunkState state)
    {
        int terms = Terms;
        state.Field.Resize(4L * state.Count);
        Vector256<double>[] coefficients = new Vector256<double>[terms];
        for (int m = 0; m < terms; m++)
            coefficients[m] = Vector256.Create(
                Coefficients[3 * m] * Step, Coefficients[3 * m + 1] * Step, Coefficients[3 * m + 2] * Step, 0);
        for (int i = 0; i < state.Count; i++)
        {
            Basis(state, i);
            Vector256<double> sum = Vector256<double>.Zero;
            for (int m = 0; m < coefficients.Length; m++)
                sum += coefficients[m] * Vector256.Create(_basis[m]);
            sum.Store(state.Field.Pointer + 4L * i);
        }
    }

    private void Basis(ChunkState state, int i)
    {
        int width = Degree + 1;
        Span<double> t = _polynomials;
        for (int a = 0; a < 3; a++)
        {
            double z = (state.Sites[4L * i + a] - state.Middle[a]) / state.HalfWidth[a];
            Span<double> row = t.Slice(a * width, width);
            row[0] = 1;
            if (Degree > 0)
                row[1] = z;
            for (int k = 2; k < width; k++)
                row[k] = 2 * z * row[k - 1] - row[k - 2];
        }

        int m = 0;
        for (int x = 0; x <= Degree; x++)
            for (int y = 0; x + y <= Degree; y++)
            {
                double product = t[x] * t[width + y];
                for (int z = 0; x + y + z <= Degree; z++)
                    _basis[m++] = product * t[2 * width + z];
            }
    }
}
