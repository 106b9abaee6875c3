using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>What must not change a result: threads, and whether structures are found on the way to the scale or by themselves.</summary>
public sealed class IndependenceTests
{
    public static TheoryData<string> Crystals => ["bulk", "slab", "vacancies", "hot", "porous"];

    [Theory]
    [MemberData(nameof(Crystals))]
    public void Threads_change_no_bit(string name)
    {
        TestCrystal crystal = Create(name, 7);
        FrameResult expected = Process(crystal, new() { Model = Metals.Model, MaxIterations = 3 }, out Session one);
        using (one)
        {
            foreach (int threads in (int[])[2, 4])
            {
                FrameResult actual = Process(
                    crystal, new() { Model = Metals.Model, MaxIterations = 3, Threads = threads }, out Session several);
                using (several)
                    AssertEqual(expected, actual, $"{name}, {threads} threads");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Crystals))]
    public void Structures_found_on_the_way_are_those_found_alone(string name)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            TestCrystal crystal = Create(name, seed);
            FrameResult onTheWay = Process(crystal, new() { Model = Metals.Model, MaxIterations = 1 }, out Session session);
            using (session)
            {
                // A given scale needs no search for the nearest neighbors.
                FrameResult alone = Process(
                    crystal, new() { Model = Metals.Model, MaxIterations = 1, Scale = onTheWay.Scale }, out Session other);
                using (other)
                    Assert.Equal(alone.RawStructureTypes.ToArray(), onTheWay.RawStructureTypes.ToArray());
                FrameResult classified = Process(crystal, new(), out Session without);
                using (without)
                    Assert.Equal(onTheWay.RawStructureTypes.ToArray(), classified.StructureTypes.ToArray());
            }
        }
    }

    private static TestCrystal Create(string name, int seed) => name switch
    {
        "bulk" => TestCrystal.Create(StructureType.Fcc, 2.6, 24).Rattled(0.1, seed),
        "slab" => TestCrystal.Create(StructureType.Bcc, 2.6, 16).AsSlab().Rattled(0.1, seed),
        "vacancies" => TestCrystal.Create(StructureType.Hcp, 2.6, 20).WithoutFraction(0.1, seed).Rattled(0.05, seed),
        "hot" => TestCrystal.Create(StructureType.Fcc, 2.6, 20).Rattled(0.3, seed),
        // Every second atom, or so, of an open slab: neighbors further away than structures are sought.
        _ => TestCrystal.Create(StructureType.Fcc, 2.6, 16).WithoutFraction(0.5, seed).AsSlab().Rattled(0.1, seed),
    };

    private static FrameResult Process(TestCrystal crystal, SessionOptions options, out Session session)
    {
        session = new(options);
        return session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions, Box = crystal.Box });
    }

    private static void AssertEqual(FrameResult expected, FrameResult actual, string what)
    {
        Assert.True(expected.Positions.SequenceEqual(actual.Positions), what);
        Assert.True(expected.Displacements.SequenceEqual(actual.Displacements), what);
        Assert.True(expected.StructureTypes.SequenceEqual(actual.StructureTypes), what);
        Assert.True(expected.RawStructureTypes.SequenceEqual(actual.RawStructureTypes), what);
        Assert.Equal((expected.Scale, expected.RmsDisplacement, expected.LargestPrediction),
            (actual.Scale, actual.RmsDisplacement, actual.LargestPrediction));
    }
}
