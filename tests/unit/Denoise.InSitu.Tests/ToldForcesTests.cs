using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>Networks that are told forces: those of the frame, of the right atoms, in the first iteration.</summary>
public sealed class ToldForcesTests
{
    private static readonly TestCrystal Crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12).Rattled(0.15, 9);

    private static readonly NequipModel Network = NequipModel.CreateRandom(TestNetwork.Small with
    {
        SpeciesCount = 1,
        AttributeEmbedding = "1x0e",
        ForceEncoding = "4x0e+3x1o+2x2e",
        Envelope = CutoffEnvelope.Polynomial,
    }, 3);

    [Fact]
    public void The_reference_engine_says_the_same()
    {
        double[] forces = Forces(Crystal.Count, i => i + 1);
        double[] told = Denoised(new() { Model = Network, MaxIterations = 2 }, forces);
        Tolerance.AssertClose(Denoised(new() { Model = Network, MaxIterations = 2, Engine = EngineKind.Reference }, forces), told, 1e-4, "told");
        double[] untold = Denoised(new() { Model = Network, MaxIterations = 2 }, []);
        Assert.True(told.Zip(untold, (a, b) => Math.Abs(a - b)).Max() > 1e-3);
        Assert.Equal(untold, Denoised(new() { Model = Network, MaxIterations = 2 }, new double[forces.Length]));
        // Others take no notice.
        Assert.Equal(Denoised(new() { Model = Metals.Model }, []), Denoised(new() { Model = Metals.Model }, forces));
    }

    [Fact]
    public void The_first_iteration_knows_them_and_the_second_does_not()
    {
        double[] forces = Forces(Crystal.Count, i => i + 1);
        double[] once = Denoised(new() { Model = Network, MaxIterations = 1, Tolerance = -1 }, forces);
        double[] twice = Denoised(new() { Model = Network, MaxIterations = 2, Tolerance = -1 }, forces);
        double[] again = Denoised(new() { Model = Network, MaxIterations = 1, Tolerance = -1 }, [], once);
        Tolerance.AssertClose(twice, again, 1e-4, "two iterations");
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.55)]
    public void Ranks_give_the_same(double cut)
    {
        double[] whole = Denoised(new() { Model = Network, MaxIterations = 2 }, Forces(Crystal.Count, i => i + 1));
        double[] shared = new double[whole.Length];
        VirtualDomain[] domains = VirtualDomain.Cut(Crystal, [0, cut, 1], 8);
        Exception?[] failures = VirtualRanks.Run(domains, (communicator, halo, domain) =>
        {
            using var session = new Session(new() { Model = Network, MaxIterations = 2 }, communicator);
            FrameResult result = session.Process(domain.Frame(halo) with
            {
                Forces = Forces(domain.LocalCount, i => domain.Ids[i]),
            });
            lock (shared)
                for (int i = 0; i < domain.LocalCount; i++)
                    for (int k = 0; k < 3; k++)
                        shared[3 * (domain.Ids[i] - 1) + k] = result.Positions[3 * i + k];
        });
        Assert.All(failures, Assert.Null);
        double[] edges = [Crystal.Box.A.X, Crystal.Box.B.Y, Crystal.Box.C.Z];
        double largest = whole.Select((x, k) => Math.Abs(Math.IEEERemainder(x - shared[k], edges[k % 3]))).Max();
        Assert.InRange(largest, 0, 1e-4);
    }

    [Fact]
    public void Wrong_forces_are_refused()
    {
        double[] forces = Forces(Crystal.Count, i => i + 1);
        Assert.Contains("components of forces", Refused(forces[3..]), StringComparison.Ordinal);
        forces[7] = double.NaN;
        Assert.Contains("the force on atom 3 is not finite", Refused(forces), StringComparison.Ordinal);
    }

    private static string Refused(double[] forces) =>
        Assert.Throws<SessionException>(() => Denoised(new() { Model = Network }, forces)).Message;

    private static double[] Forces(int count, Func<int, long> id) =>
        [.. Enumerable.Range(0, 3 * count).Select(k => Math.Sin(12.9898 * id(k / 3) + 3 * (k % 3)))];

    private static double[] Denoised(SessionOptions options, double[] forces, double[]? positions = null)
    {
        using var session = new Session(options with { Classification = Classification.None });
        return session.Process(new()
        {
            LocalCount = Crystal.Count,
            Positions = positions ?? Crystal.Positions,
            Forces = forces,
            Box = Crystal.Box,
        }).Positions.ToArray();
    }
}
