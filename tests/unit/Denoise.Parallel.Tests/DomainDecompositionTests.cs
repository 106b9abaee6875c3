using Denoise.Atoms;
using Denoise.Parallel.Decomposition;
using Denoise.TestSupport;

namespace Denoise.Parallel.Tests;

public sealed unsafe class DomainDecompositionTests
{
    private static readonly Box Cube = Box.Orthogonal(10, 10, 10);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    [InlineData(-1e17)]
    public void Absurd_coordinates_are_kept_for_whoever_reports_them(double value)
    {
        double[] positions = [1, 1, 1, value, 5, 5, 9, 9, 9];
        using DomainDecomposition domains = new(SerialCommunicator.Instance);
        Scatter(domains, Cube, positions);
        domains.BuildGhosts(3);
        Assert.Equal(3, domains.LocalCount);
        Assert.Equal([1L, 2L, 3L], domains.Ids.Span[..3].ToArray());
        // The two other atoms have seven images each; the absurd one has none, or one where wrapping happens to put it on a face.
        Assert.InRange(domains.GhostCount, 14, 15);
    }

    [Fact]
    public void A_periodic_box_without_volume_is_refused()
    {
        double[] position = [0, 0, 0];
        Box flat = Cube with { C = new(10, 10, 0) };
        using DomainDecomposition domains = new(SerialCommunicator.Instance);
        InputException failure = Assert.Throws<InputException>(() => Scatter(domains, flat, position));
        Assert.Contains("no volume", failure.Message);
    }

    [Fact]
    public void Too_many_images_are_refused()
    {
        double[] position = [0, 0, 0];
        using DomainDecomposition domains = new(SerialCommunicator.Instance);
        Scatter(domains, Box.Orthogonal(0.01, 0.01, 0.01), position);
        Assert.Throws<InputException>(() => domains.BuildGhosts(6));
    }

    [Fact]
    public void After_the_first_frame_nothing_is_allocated()
    {
        double[] positions = new double[3000];
        Random random = new(1);
        for (int i = 0; i < positions.Length; i++)
            positions[i] = 10 * random.NextDouble();
        using DomainDecomposition domains = new(SerialCommunicator.Instance);
        fixed (double* pointer = positions)
        {
            double* atoms = pointer;
            Assert.Equal(0, Allocations.AfterTheFirst(() =>
            {
                domains.Plan(Cube, atoms, 1000);
                domains.Scatter(atoms, null, null);
                domains.BuildGhosts(3);
                domains.Halo.Forward(domains.Positions.Pointer, 3);
            }));
        }
    }

    private static void Scatter(DomainDecomposition domains, Box box, double[] positions)
    {
        fixed (double* pointer = positions)
        {
            domains.Plan(box, pointer, positions.Length / 3);
            domains.Scatter(pointer, null, null);
        }
    }
}
