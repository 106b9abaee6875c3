using Denoise.Atoms.Threading;
using Denoise.Networks.Maps;
using Denoise.Networks.Models;
using Denoise.TestSupport;
using Denoise.Training.Maps;

namespace Denoise.Training.Tests.Maps;

public sealed class MapTrainingTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    private static readonly MapSettings TwoSpecies = MapSettings.Geometric with { Weights = [[0.5f, 1]] };

    [Fact]
    public void Gradients_are_the_slopes_of_the_loss()
    {
        using WorkerPool pool = new(2);
        MapNetwork network = TestMaps.Create(Classes, 3, TwoSpecies);
        Tensor[] parameters = [.. Parameters(network)];
        using MapGradient gradient = new(network, parameters, 12, pool);
        MapSet set = Set(TwoSpecies, 12, 1);
        int[] labels = [.. set.Labels];
        float[] weights = [0.5f, 1, 1.5f];
        double Loss() => gradient.Of(set.Images, labels, weights, null, 0, out _);
        Loss();
        foreach (Tensor tensor in parameters)
        {
            // Along the gradient itself, so that kinks of single weights do not matter.
            Loss();
            double[] slope = [.. gradient.Gradients[tensor.Name]];
            double square = slope.Sum(g => g * g), step = 5e-5 / Math.Sqrt(square);
            Assert.True(square > 1e-12, $"{tensor.Name}: no gradient");
            float[] kept = [.. tensor.Values];
            double Moved(double by)
            {
                for (int i = 0; i < kept.Length; i++)
                    tensor.Values[i] = (float)(kept[i] + by * slope[i]);
                return Loss();
            }

            double difference = (Moved(step) - Moved(-step)) / (2 * step);
            kept.CopyTo(tensor.Values, 0);
            Assert.True(Math.Abs(difference - square) < 0.02 * square, $"{tensor.Name}: |g|^2 {square:g6}, slope {difference:g6}");
        }
    }

    [Fact]
    public void What_can_be_told_apart_is_learned_and_no_bit_depends_on_the_threads()
    {
        MapSet set = Set(MapSettings.Geometric, 240, 2);
        float[][] learned = new float[2][];
        for (int run = 0; run < 2; run++)
        {
            using WorkerPool pool = new(1 + run);
            using MapTraining training = new(MapSettings.Geometric, set, 24, 3, 2e-3, 7, pool);
            for (int epoch = 0; epoch < 3; epoch++)
                training.Epoch(epoch, CancellationToken.None);
            long[,] table = training.Validate();
            Assert.Equal(24, training.ValidatedCount);
            for (int k = 0; k < Classes.Length; k++)
                Assert.Equal(8, table[k, k]);
            learned[run] = [.. Parameters(training.Network).SelectMany(tensor => tensor.Values)];
        }

        Assert.Equal(learned[0], learned[1]);
    }

    private static IEnumerable<Tensor> Parameters(MapNetwork network) =>
        MapNetwork.ShapesOf(network.Settings.Channels, network.Classes.Count)
            .Where(entry => !entry.Name.Contains("running", StringComparison.Ordinal))
            .Select(entry => new Tensor(entry.Name, entry.Shape, network[entry.Name]));

    /// <summary>Images of noise that is brighter in rows of its class.</summary>
    private static MapSet Set(MapSettings settings, int count, int seed)
    {
        Random random = new(seed);
        MapSet set = new(Classes);
        for (int s = 0; s < count; s++)
        {
            int label = s % Classes.Length, row = MapSettings.Size * settings.Channels;
            set.Images.Add([.. Enumerable.Range(0, settings.Length)
                .Select(i => (float)(random.NextDouble() + (i / row / 4 % Classes.Length == label ? 0.5 : 0)))]);
            set.Labels.Add(label);
        }

        return set;
    }
}
