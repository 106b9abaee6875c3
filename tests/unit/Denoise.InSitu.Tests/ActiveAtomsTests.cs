using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>Frames in which atoms that have arrived are not looked at again, beside frames in which all are, eight times.</summary>
public sealed class ActiveAtomsTests
{
    public static TheoryData<string> Crystals => ["fcc", "bcc", "hcp", "vacancies", "slab"];

    [Theory]
    [InlineData("fcc")]
    [InlineData("bcc")]
    [InlineData("hcp")]
    [InlineData("vacancies")]
    public void Atoms_arrive_where_all_iterations_bring_them(string name)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            TestCrystal crystal = Create(name, seed);
            SessionOptions defaults = new() { Model = Metals.Model };
            FrameResult full = Process(crystal, defaults with { Tolerance = -1 }, out Session one), few = Process(crystal, defaults, out Session two);
            using (one)
            using (two)
            {
                Assert.Equal(full.StructureTypes.ToArray(), few.StructureTypes.ToArray());
                Assert.InRange(few.Iterations, 2, 8);
                Assert.True(Farthest(full, few) < 0.3, $"seed {seed}: {Farthest(full, few)} Å, {Typical(full, few)} typically");
                Assert.InRange(Typical(full, few), 0, 0.05);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Crystals))]
    public void Where_none_rests_nothing_changes(string name)
    {
        TestCrystal crystal = Create(name, 6);
        SessionOptions options = new() { Model = Metals.Model, MaxIterations = 3, Tolerance = -1 };
        FrameResult full = Process(crystal, options, out Session one), all = Process(crystal, options with { Tolerance = 1e-9 }, out Session two);
        using (one)
        using (two)
            Assert.Equal(full.Positions.ToArray(), all.Positions.ToArray());
    }

    [Theory]
    [InlineData(0.2, 0.05)]
    [InlineData(0.05, 0.02)]
    public void The_less_atoms_may_move_the_closer_they_come(double tolerance, double most)
    {
        TestCrystal crystal = Create("fcc", 7);
        SessionOptions options = new() { Model = Metals.Model, MaxIterations = 20 };
        FrameResult full = Process(crystal, options with { Tolerance = -1 }, out Session one);
        FrameResult few = Process(crystal, options with { Tolerance = tolerance }, out Session two);
        using (one)
        using (two)
        {
            Assert.InRange(Typical(full, few), 0, most);
            Assert.InRange(Farthest(full, few), 0, tolerance / few.Scale);
            Assert.InRange(few.Iterations, 2, 19);
        }

    }

    [Theory]
    [InlineData("vacancies", 2)]
    [InlineData("slab", 2)]
    [InlineData("vacancies", 3)]
    [InlineData("slab", 3)]
    public void Ranks_threads_and_the_order_of_the_atoms_change_no_bit(string name, int ranks)
    {
        TestCrystal crystal = Create(name, 8);
        SessionOptions options = new() { Model = Metals.Model, HasFixedOrder = true, ReturnsMoves = true };
        FrameResult result = Process(crystal, options, out Session one);
        double[] expected = result.Positions.ToArray();
        int[] types = result.StructureTypes.ToArray();
        int iterations = result.Iterations;
        one.Dispose();
        Assert.InRange(iterations, 3, 8);

        double[] actual = new double[expected.Length];
        int[] actualTypes = new int[types.Length];
        VirtualDomain[] domains = VirtualDomain.Cut(crystal, [.. Enumerable.Range(0, ranks + 1).Select(k => (double)k / ranks)], 8);
        Assert.All(VirtualRanks.Run(domains, (communicator, halo, domain) =>
        {
            using Session session = new(options with { Threads = 1 + communicator.Rank % 2 }, communicator);
            FrameResult part = session.Process(domain.Frame(halo));
            Assert.Equal(iterations, part.Iterations);
            for (int i = 0; i < domain.LocalCount; i++)
            {
                int atom = (int)domain.Ids[i] - 1;
                actualTypes[atom] = part.StructureTypes[i];
                part.Positions.Slice(3 * i, 3).CopyTo(actual.AsSpan(3 * atom, 3));
            }
        }), Assert.Null);
        Assert.Equal(types, actualTypes);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_reference_lets_the_same_atoms_rest()
    {
        TestCrystal crystal = Create("vacancies", 9);
        SessionOptions options = new() { Model = Metals.Model };
        FrameResult fast = Process(crystal, options, out Session one);
        FrameResult exact = Process(crystal, options with { Engine = EngineKind.Reference }, out Session two);
        using (one)
        using (two)
        {
            Assert.Equal(exact.StructureTypes.ToArray(), fast.StructureTypes.ToArray());
            Assert.Equal(exact.Iterations, fast.Iterations);
            Tolerance.AssertClose(exact.Positions.ToArray(), fast.Positions.ToArray(), 1e-4, "positions");
        }
    }

    private static TestCrystal Create(string name, int seed) => name switch
    {
        "fcc" => TestCrystal.Create(StructureType.Fcc, 2.6, 18).Rattled(0.2, seed),
        "bcc" => TestCrystal.Create(StructureType.Bcc, 2.6, 18).Rattled(0.2, seed),
        "hcp" => TestCrystal.Create(StructureType.Hcp, 2.6, 18).Rattled(0.2, seed),
        "vacancies" => TestCrystal.Create(StructureType.Fcc, 2.6, 18).WithoutFraction(0.02, seed).Rattled(0.2, seed),
        _ => TestCrystal.Create(StructureType.Bcc, 2.6, 18).AsSlab().Rattled(0.15, seed),
    };

    private static FrameResult Process(TestCrystal crystal, SessionOptions options, out Session session)
    {
        session = new(options);
        return session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions, Types = crystal.Types, Box = crystal.Box });
    }

    private static double Farthest(FrameResult a, FrameResult b) => Distances(a, b).Max();

    /// <summary>Root mean square.</summary>
    private static double Typical(FrameResult a, FrameResult b) => Math.Sqrt(Distances(a, b).Average(distance => distance * distance));

    private static double[] Distances(FrameResult a, FrameResult b)
    {
        double[] p = a.Positions.ToArray(), q = b.Positions.ToArray();
        return [.. Enumerable.Range(0, p.Length / 3).Select(i =>
            new Vec3(p[3 * i] - q[3 * i], p[3 * i + 1] - q[3 * i + 1], p[3 * i + 2] - q[3 * i + 2]).Length)];
    }
}
