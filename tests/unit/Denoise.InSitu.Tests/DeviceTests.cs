using Denoise.Atoms;
using Denoise.Devices;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>Sessions whose network is computed on a device: what the processor says, and what happens where a device cannot.</summary>
public sealed class DeviceTests
{
    private static readonly double[] Cuts = [0, 0.3, 0.3, 1];

    private static readonly DeviceList NoDevices = new([], ["there is no driver"]);

    [DeviceFact]
    public void Same_as_the_processor()
    {
        foreach ((StructureType structure, double distance) in
            (ReadOnlySpan<(StructureType, double)>)[(StructureType.Fcc, 2.556), (StructureType.Bcc, 2.8), (StructureType.Hcp, 3.2)])
        {
            TestCrystal crystal = TestCrystal.Create(structure, distance, 15).WithoutFraction(0.01, 3).Rattled(0.1 * distance, 12);
            foreach (double tolerance in (double[])[-1, 0])
            {
                SessionOptions options = new() { Model = Metals.Model, Tolerance = tolerance };
                using Session processor = new(options), device = new(options with { Device = TestDevice.Choice });
                FrameResult expected = processor.Process(Frame(crystal)), result = device.Process(Frame(crystal));
                Assert.Equal(expected.StructureTypes.ToArray(), result.StructureTypes.ToArray());
                Assert.True(result.Counts[(int)structure] > 0.7 * crystal.Count);
                Tolerance.AssertClose(expected.Positions, result.Positions, Tolerance.Single, $"{structure}");
                Assert.Empty(result.Notices);
            }
        }
    }

    [DeviceFact]
    public void Common_neighbors_are_named_the_same()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Hcp, 3.2, 15).WithoutFraction(0.02, 8).Rattled(0.2, 9);
        SessionOptions options = new()
        {
            Model = Metals.Model,
            MaxIterations = 2,
            Tolerance = -1,
            Scale = 0.8,
            Classification = Classification.CommonNeighbors,
            CnaCutoff = 3.86,
        };
        foreach (double[] cuts in (double[][])[[0, 1], Cuts])
        {
            RankTests.Compare(crystal, cuts, options with { Device = TestDevice.Choice }, ofOne: options);
            SessionOptions adaptive = options with { Classification = Classification.AdaptiveCommonNeighbors };
            RankTests.Compare(crystal, cuts, adaptive with { Device = TestDevice.Choice }, ofOne: adaptive);
        }
    }

    [DeviceFact]
    public void Same_on_any_number_of_ranks()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).AsSlab().Rattled(0.3, 6).Typed(i => i % 11 == 0 ? 2 : 1);
        SessionOptions options = new() { Model = Metals.Model, MaxIterations = 4, Tolerance = -1, Elements = ["Fe", "NULL"] };
        foreach (double[] cuts in (double[][])[[0, 1], [0, 0.4, 1], Cuts, [0, 0.2, 0.55, 0.8, 1]])
            RankTests.Compare(crystal, cuts, options with { Device = TestDevice.Choice }, ofOne: options);
    }

    [DeviceFact]
    public void What_the_network_names_is_the_same()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).Rattled(0.15, 9);
        foreach (int iterations in (int[])[0, 2])
        {
            SessionOptions options = new()
            {
                Model = Metals.NamingModel,
                MaxIterations = iterations,
                Tolerance = -1,
                Classification = Classification.Model,
                Analyses = ["classes"],
            };
            RankTests.Compare(crystal, [0, 0.4, 1], options with { Device = TestDevice.Choice }, ofOne: options);
        }
    }

    [DeviceFact]
    public void Too_little_memory_says_how_many_atoms_fit()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 17).Rattled(0.2, 1);
        SessionOptions options = new() { Model = Metals.Model, Device = TestDevice.Choice, Devices = TestDevice.AsCard(50_000) };
        using Session session = new(options);
        var failure = Assert.Throws<SessionException>(() => session.Process(Frame(crystal)));
        Assert.Equal(SessionError.Memory, failure.Error);
        Assert.Matches(@"^device: \d+ atoms and \d+ ghosts need .* arrays of at most 48.8 KiB: about \d+ atoms would fit", failure.Message);
        // They do.
        TestCrystal small = TestCrystal.Create(StructureType.Fcc, 2.8, 9).Rattled(0.2, 1);
        Assert.Equal(small.Count, session.Process(Frame(small)).StructureTypes.Length);
    }

    [DeviceFact]
    public void Where_a_device_fails_in_a_frame_the_processors_of_all_ranks_go_on()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).Rattled(0.3, 6);
        SessionOptions options = new() { Model = Metals.Model, MaxIterations = 4, Tolerance = -1, Device = DeviceChoice.Automatic };
        SessionOptions processor = options with { Device = DeviceChoice.Processor };
        RankTests.Compare(crystal, [0, 1], options with { Devices = TestDevice.AsCard(50_000) }, ofOne: processor);

        using Session alone = new(processor);
        FrameResult expected = alone.Process(Frame(crystal));
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 8), (communicator, halo, domain) =>
        {
            long largest = communicator.Rank == 2 ? 50_000 : long.MaxValue;
            using Session session = new(options with { Devices = TestDevice.AsCard(largest) }, communicator);
            for (int frame = 0; frame < 2; frame++)
            {
                FrameResult result = session.Process(domain.Frame(halo));
                Assert.Contains(communicator.Rank == 2 ? "atoms would fit" : "that of rank 2 failed; the processor computes from here on.",
                    Assert.Single(result.Notices), StringComparison.Ordinal);
                Assert.Equal(expected.Counts.ToArray(), result.Counts.ToArray());
                Assert.Equal(expected.Iterations, result.Iterations);
                for (int i = 0; i < domain.LocalCount; i++)
                    Assert.Equal(expected.Displacements[(int)domain.Ids[i] - 1], result.Displacements[i], 1e-5);
            }
        });
        Assert.All(failures, Assert.Null);
    }

    [DeviceFact]
    public void A_rank_without_a_card_sends_all_to_their_processors()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).Rattled(0.3, 6);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 8), (communicator, halo, domain) =>
        {
            DeviceList devices = communicator.Rank == 1 ? NoDevices : TestDevice.AsCard();
            using Session session = new(new() { Model = Metals.Model, Device = DeviceChoice.Automatic, Devices = devices }, communicator);
            Assert.Equal(communicator.Rank == 1 ? "device: there is no graphics card: there is no driver; the processor computes."
                : "device: rank 1 has none that can be used; the processor computes.", Assert.Single(session.Process(domain.Frame(halo)).Notices));
        });
        Assert.All(failures, Assert.Null);
    }

    [DeviceFact]
    public void A_rank_without_the_device_that_is_named_fails_for_all()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 6), (communicator, _, _) =>
        {
            DeviceList devices = communicator.Rank == 1 ? NoDevices : TestDevice.AsCard();
            using Session session = new(new() { Model = Metals.Model, Device = TestDevice.Choice, Devices = devices }, communicator);
        });
        for (int rank = 0; rank < failures.Length; rank++)
        {
            var failure = Assert.IsType<SessionException>(failures[rank]);
            Assert.Equal(rank == 1 ? SessionError.Device : SessionError.OtherRank, failure.Error);
            Assert.Contains(rank == 1 ? "there is no driver" : "rank 1 failed", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_card_the_processor_computes_and_says_so_or_nothing_does()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 10);
        SessionOptions options = new() { Model = Metals.Model, Devices = NoDevices, Device = DeviceChoice.Automatic };
        using Session session = new(options);
        Assert.Equal("device: there is no graphics card: there is no driver; the processor computes.",
            Assert.Single(session.Process(Frame(crystal)).Notices));
        DeviceChoice.TryParse("gpu", out DeviceChoice card);
        var failure = Assert.Throws<SessionException>(() => new Session(options with { Device = card }));
        Assert.Equal((SessionError.Device, "device: there is no device 'gpu': there is no driver."), (failure.Error, failure.Message));
    }

    [Fact]
    public void What_no_device_computes_the_processor_does_and_says_so()
    {
        DeviceChoice.TryParse("gpu", out DeviceChoice card);
        NequipModel ofDegree3 = NequipModel.CreateRandom(
            TestNetwork.Tiny with { Hidden = "4x0e+4x1o+4x3o", Edge = "1x0e+1x1o+1x2e+1x3o", Output = "1x1o" }, 1);
        foreach ((NequipModel? model, string words) in ((NequipModel?, string)[])
            [(ofDegree3, "degrees up to 2, and the network has 3"), (Metals.ConservativeModel, "gradient"), (null, "no network")])
        {
            TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 10);
            SessionOptions options = new() { Model = model, MaxIterations = 1, Device = card, Devices = NoDevices };
            using Session session = new(options);
            string notice = Assert.Single(session.Process(Frame(crystal)).Notices);
            Assert.Contains(words, notice, StringComparison.Ordinal);
            Assert.StartsWith("device: ", notice, StringComparison.Ordinal);
            Assert.EndsWith("; the processor computes.", notice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Engines_of_the_processor_go_with_no_device()
    {
        DeviceChoice.TryParse("opencl", out DeviceChoice device);
        SessionOptions options = new() { Model = Metals.Model, Engine = EngineKind.Reference };
        var failure = Assert.Throws<SessionException>(() => new Session(options with { Device = device }));
        Assert.Equal(SessionError.Argument, failure.Error);
        Assert.Contains("'reference' and the device 'opencl'", failure.Message, StringComparison.Ordinal);
        new Session(options with { Device = DeviceChoice.Automatic }).Dispose();
    }

    private static FrameInput Frame(TestCrystal crystal) =>
        new() { LocalCount = crystal.Count, Positions = crystal.Positions, Types = crystal.Types, Box = crystal.Box };
}
