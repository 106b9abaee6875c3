using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Training.Tests;

public class ShellReverseHaloTests
{
    [Fact]
    public unsafe void Reverse_is_the_transpose_of_the_forward_copy()
    {
        // A box thinner than the cutoff: most atoms have several images.
        AtomicSystem system = AtomicSystem.Random(1, count: 5, size: 3.4, closest: 1, speciesCount: 1, periodic: true);
        using var graph = new TestGraph(system, cutoff: 3.5);
        int owned = system.Count, all = graph.Particles.Count;
        Assert.True(all > 10 * owned);
        const int width = 3;
        using FeatureTable x = RandomTables.Create(2, all, width), y = RandomTables.Create(3, all, width);
        double[] ownedX = x.ToArray()[..(owned * width)];

        // <forward(x), y> = <x, reverse(y)>
        graph.Halo.Forward(x.Pointer, width);
        double forward = RandomTables.Dot(x, y);
        new ShellReverseHalo(graph.Shell).Reverse(y.Pointer, width);
        double reverse = ownedX.Zip(y.ToArray(), (a, b) => a * b).Sum();
        Assert.Equal(forward, reverse, Tolerance.SymmetryDouble);
    }
}
