using Denoise.Atoms;

namespace Denoise.Structure.Soap;

/// <summary>
/// Makes references of ideal structures. Different sites of each, at volumes a little smaller and larger, too, are described; the spectra,
/// as unit vectors, are standardized and projected on their principal components. The threshold is how far the farthest of many atoms is
/// from its reference when it and its neighbors are as far off their sites as denoising leaves some, in a slightly strained crystal.
/// </summary>
public static class ReferenceBuilder
{
    public const int MostComponents = 30;

    // Of a spectrum, relative: sites that differ by less are one.
    private const double SameSite = 1e-5;

    // Of eigenvalues, relative to the largest: what is below is noise.
    private const double LeastVariance = 1e-7;

    private const int Draws = 200;

    // Å, per component: what denoising leaves of a crystal that it knows less well.
    private const double SmallNoise = 0.03;
    private const double Strain = 0.02;

    // Of lengths: a volume by 9% either way.
    private static readonly double[] Scales = [0.97, 0.985, 1, 1.015, 1.03];

    /// <param name="structures">to tell apart, all of the same elements</param>
    /// <param name="elements">of the densities</param>
    /// <param name="soap">descriptor</param>
    /// <param name="threshold">of the distance; 0: by rule</param>
    /// <exception cref="InputException">a structure has no atom to describe, or two are alike</exception>
    public static ReferenceSet Build(IReadOnlyList<ReferenceStructure> structures, IReadOnlyList<string> elements, SoapSettings soap,
        double threshold = 0)
    {
        using RadialTable table = new(soap);
        using SoapSpectrum calculator = new(soap, table);
        List<(int Name, Neighbor[] Around, double[] Spectrum)> sites = [];
        for (int s = 0; s < structures.Count; s++)
        {
            int first = sites.Count;
            foreach (Neighbor[] around in Environments(structures[s], soap.Reach))
            {
                double[] spectrum = Unit(calculator, soap, around, 1);
                int twin = sites.FindIndex(site => Distance(site.Spectrum, spectrum) < SameSite);
                if (twin >= 0 && twin < first)
                    throw new InputException($"{structures[s].Name} and {structures[sites[twin].Name].Name} have an atom in common that "
                        + "the descriptor cannot tell apart; leave one out, or describe more (--cutoff, --n-max, --l-max).");
                if (twin < 0)
                    sites.Add((s, around, spectrum));
            }

            if (sites.Count == first)
                throw new InputException($"{structures[s].Name}: has no {elements[0]}, the atoms that are named.");
        }

        (int Name, double[] Spectrum)[] samples =
            [.. sites.SelectMany(site => Scales.Select(scale => (site.Name, Unit(calculator, soap, site.Around, scale))))];
        (double[] mean, double[] projection) = Principal([.. samples.Select(sample => sample.Spectrum)]);
        int components = projection.Length / soap.Length;
        double[] Project(double[] spectrum) => [.. Enumerable.Range(0, components).Select(k => Dot(projection, k * soap.Length, spectrum))];
        double[] references = [.. samples.SelectMany(sample => Project(sample.Spectrum))];
        ReferenceSet set = new()
        {
            Soap = soap,
            Elements = elements,
            Names = [.. structures.Select(structure => structure.Name)],
            Projection = projection,
            Offset = Project(mean),
            References = references,
            NameOf = [.. samples.Select(sample => sample.Name)],
            Threshold = threshold,
        };
        return threshold > 0 ? set : set with { Threshold = Farthest(set, calculator, [.. sites.Select(site => site.Around)], Project) };
    }

    /// <summary>Of atoms near their sites.</summary>
    private static double Farthest(ReferenceSet set, SoapSpectrum calculator, Neighbor[][] sites, Func<double[], double[]> project)
    {
        Random random = new(1);
        double farthest = 0;
        foreach (Neighbor[] around in sites)
            for (int draw = 0; draw < Draws; draw++)
                farthest = Math.Max(farthest, Nearest(set, project(Unit(calculator, set.Soap, Shake(around, random), 1))));
        return farthest;
    }

    private static double Nearest(ReferenceSet set, double[] at)
    {
        double least = double.PositiveInfinity;
        for (int r = 0; r < set.NameOf.Length; r++)
        {
            double square = 0;
            for (int k = 0; k < at.Length; k++)
                square += (at[k] - set.References[r * at.Length + k]) * (at[k] - set.References[r * at.Length + k]);
            least = Math.Min(least, square);
        }

        return Math.Sqrt(least);
    }

    private static Neighbor[] Shake(Neighbor[] around, Random random)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double Shear() => Strain * (2 * random.NextDouble() - 1);
        double xx = Shear(), yy = Shear(), zz = Shear(), xy = Shear(), xz = Shear(), yz = Shear();
        Vec3 own = new(SmallNoise * Normal(), SmallNoise * Normal(), SmallNoise * Normal());
        return [.. around.Select(neighbor =>
        {
            Vec3 d = neighbor.At;
            // The center is where it is.
            if (d == default)
                return neighbor;
            d = new(d.X * (1 + xx) + d.Y * xy + d.Z * xz, d.X * xy + d.Y * (1 + yy) + d.Z * yz, d.X * xz + d.Y * yz + d.Z * (1 + zz));
            return neighbor with { At = d + new Vec3(SmallNoise * Normal(), SmallNoise * Normal(), SmallNoise * Normal()) - own };
        })];
    }

    /// <summary>Around every atom that is named; farther than it reaches, since it is scaled and shaken.</summary>
    private static IEnumerable<Neighbor[]> Environments(ReferenceStructure structure, double reach)
    {
        Box box = structure.Box;
        double range = 1.15 * reach;
        Vec3 thickness = box.FaceDistances;
        int Copies(int axis) => box.IsPeriodic(axis) ? (int)Math.Ceiling(range / thickness[axis]) + 1 : 0;
        (int a, int b, int c) = (Copies(0), Copies(1), Copies(2));
        for (int i = 0; i < structure.Positions.Count; i++)
        {
            if (structure.Species[i] != 0)
                continue;
            List<Neighbor> around = [];
            for (int j = 0; j < structure.Positions.Count; j++)
                for (int x = -a; x <= a; x++)
                    for (int y = -b; y <= b; y++)
                        for (int z = -c; z <= c; z++)
                        {
                            Vec3 d = structure.Positions[j] - structure.Positions[i] + box.A * x + box.B * y + box.C * z;
                            if (structure.Species[j] >= 0 && d.Length <= range)
                                around.Add(new(structure.Species[j], d));
                        }

            yield return [.. around];
        }
    }

    private static unsafe double[] Unit(SoapSpectrum calculator, SoapSettings soap, Neighbor[] around, double scale)
    {
        calculator.Begin();
        foreach (Neighbor neighbor in around)
            calculator.Add(neighbor.Species, scale * neighbor.At.X, scale * neighbor.At.Y, scale * neighbor.At.Z);
        var spectrum = new double[soap.Length];
        fixed (double* to = spectrum)
            calculator.Finish(to);
        double length = Math.Sqrt(Dot(spectrum, 0, spectrum));
        return [.. spectrum.Select(value => value / length)];
    }

    /// <summary>Mean and, with the standardization, the principal components of a few samples, found in their own space.</summary>
    private static (double[] Mean, double[] Projection) Principal(double[][] samples)
    {
        int count = samples.Length, length = samples[0].Length;
        double[] mean = [.. Enumerable.Range(0, length).Select(j => samples.Average(sample => sample[j]))];
        double[] deviation = [.. Enumerable.Range(0, length)
            .Select(j => Math.Sqrt(samples.Average(sample => Square(sample[j] - mean[j]))))];
        // Components that hardly differ would be all noise.
        double least = 1e-3 * deviation.Max();
        double[] inverse = [.. deviation.Select(value => value > 0 ? 1 / Math.Max(value, least) : 0)];
        double[][] standard = [.. samples
            .Select(sample => Enumerable.Range(0, length).Select(j => (sample[j] - mean[j]) * inverse[j]).ToArray())];
        var gram = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < count; j++)
                gram[i, j] = Dot(standard[i], 0, standard[j]);
        (double[] values, double[,] vectors) = SymmetricMatrix.Diagonalize(gram);
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(k => values[k])];
        int[] kept = [.. order.Take(MostComponents).Where((k, rank) => rank == 0 || values[k] > LeastVariance * values[order[0]])];
        return (mean, [.. kept.SelectMany(k => Enumerable.Range(0, length)
            .Select(j => Enumerable.Range(0, count).Sum(i => vectors[i, k] * standard[i][j]) / Math.Sqrt(values[k]) * inverse[j]))]);
    }

    private static double Square(double x) => x * x;

    private static double Distance(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (x, y) => Square(x - y)).Sum());

    private static double Dot(double[] rows, int start, double[] vector)
    {
        double sum = 0;
        for (int j = 0; j < vector.Length; j++)
            sum += rows[start + j] * vector[j];
        return sum;
    }

    private readonly record struct Neighbor(int Species, Vec3 At);
}
