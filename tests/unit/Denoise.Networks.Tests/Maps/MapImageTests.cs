using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Maps;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Maps;

public sealed unsafe class MapImageTests
{
    private const double Unit = 2.5;

    private static readonly MapSettings TwoSpecies = MapSettings.Geometric with { Weights = [[0.5f, 1.25f]] };

    public static TheoryData<int, int> Clusters => new()
    {
        { 1, 1 }, { 2, 2 }, { 3, 5 }, { 5, 9 }, { 8, 31 }, { 13, 32 }, { 21, 33 }, { 34, 40 }, { 55, 64 }, { 89, 65 }, { 144, 200 },
    };

    [Theory]
    [MemberData(nameof(Clusters))]
    public void Images_are_those_of_the_definition(int seed, int atoms)
    {
        (double X, double Y, double Z)[] positions = Cluster(seed, atoms);
        int[] species = Species(seed, atoms);
        foreach (MapSettings settings in (MapSettings[])[MapSettings.Geometric, TwoSpecies])
            Tolerance.AssertClose(ReferenceMapImage.Of(settings, positions, species, Unit), Image(settings, positions, species),
                Tolerance.Single, $"{atoms} atoms, seed {seed}, {settings.Channels} channels");
    }

    [Fact]
    public void A_pair_is_by_hand()
    {
        float d = 1.25f;
        double[] image = Image(TwoSpecies, [(0, 0, 0), (d * Unit, 0, 0)], [0, 1]);
        double first = 1 / (d * d), second = Math.Pow(d, -1.0 / 3) / (d * d);
        int row = MapSettings.Size * 2;
        double[] expected = new double[image.Length];
        (expected[0], expected[1], expected[row], expected[row + 1]) = (first, 0.5 * 1.25 * first, second, 0.5 * 1.25 * second);
        Tolerance.AssertClose(expected, image, Tolerance.Single, "image of a pair");
    }

    [Fact]
    public void Turning_shuffling_and_scaling_change_nothing()
    {
        (double X, double Y, double Z)[] positions = Cluster(7, 50);
        int[] species = Species(7, 50);
        double[] expected = Image(TwoSpecies, positions, species);
        (double sin, double cos) = Math.SinCos(0.7);
        Random random = new(3);
        int[] order = [0, .. Enumerable.Range(1, 49).OrderBy(_ => random.Next())];
        (double X, double Y, double Z)[] turned =
            [.. order.Select(k => positions[k]).Select(r => (cos * r.X - sin * r.Z, -r.Y, sin * r.X + cos * r.Z))];
        int[] turnedSpecies = [.. order.Select(k => species[k])];
        Tolerance.AssertClose(expected, Image(TwoSpecies, turned, turnedSpecies), Tolerance.Single, "turned");
        double[] scaled = Image(TwoSpecies, [.. positions.Select(r => (3 * r.X, 3 * r.Y, 3 * r.Z))], species, 3 * Unit);
        Tolerance.AssertClose(expected, scaled, Tolerance.Single, "scaled");
    }

    private static double[] Image(MapSettings settings, (double X, double Y, double Z)[] positions, int[] species, double unit = Unit)
    {
        using WorkerPool pool = new(1);
        using NearestNeighborFinder<Visitor> finder = new(pool);
        using MapImage maker = new(settings);
        float[] image = new float[settings.Length];
        Array.Fill(image, float.NaN);
        double[] flat = [.. positions.SelectMany(r => (double[])[r.X, r.Y, r.Z])];
        fixed (double* r = flat)
        fixed (int* s = species)
        fixed (float* to = image)
            finder.Run(new(r, 1, positions.Length - 1), MapSettings.MostInBall, 1, settings.Reach * unit,
                new((nint)to, (nint)s, unit, settings.Channels, maker));
        return [.. image.Select(value => (double)value)];
    }

    /// <summary>Atoms around the first, none too close.</summary>
    private static (double X, double Y, double Z)[] Cluster(int seed, int atoms)
    {
        Random random = new(seed);
        List<(double X, double Y, double Z)> positions = [(0.1, 0.2, 0.3)];
        while (positions.Count < atoms)
        {
            double Draw() => 9 * (random.NextDouble() - 0.5);
            (double X, double Y, double Z) r = (Draw(), Draw(), Draw());
            if (positions.All(other => Math.Pow(r.X - other.X, 2) + Math.Pow(r.Y - other.Y, 2) + Math.Pow(r.Z - other.Z, 2) > 0.5))
                positions.Add(r);
        }

        return [.. positions];
    }

    private static int[] Species(int seed, int atoms)
    {
        Random random = new(seed + 1);
        return [.. Enumerable.Range(0, atoms).Select(_ => random.Next(2))];
    }

    private readonly struct Visitor(nint image, nint species, double unit, int channels, MapImage maker) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            if (!nearest.IsFinal && nearest.Count < MapSettings.MostInBall)
                return false;
            maker.Fill(nearest, unit, *(int*)species, (int*)species, (float*)image, MapSettings.Size * channels);
            return true;
        }
    }
}
