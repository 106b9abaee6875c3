using System.Diagnostics;
using Denoise.Atoms;
using Denoise.InSitu.Timing;
using Denoise.Parallel;

namespace Denoise.InSitu.Tests;

/// <summary>Where a session says its time went.</summary>
public sealed class StageTimesTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(new double[] { 0, 1 })]
    [InlineData(new double[] { 0, 0.4, 1 })]
    public void Exchanges_and_reductions_count_as_halo_and_as_nothing_else(double[] cuts)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 15).Rattled(0.2, 3);
        SessionOptions options = new() { Model = Metals.Model, MaxIterations = 3, Tolerance = -1 };
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, cuts, 8), (communicator, halo, domain) =>
        {
            SlowHost host = new(communicator, halo);
            using Session session = new(options, host);
            session.Process(domain.Frame(host));
            (host.Calls, host.Waited) = (0, TimeSpan.Zero);
            long start = Stopwatch.GetTimestamp();
            StageTimes times = session.Process(domain.Frame(host)).Times;
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds, slept = host.Waited.TotalSeconds;

            // Per iteration: an exchange in each layer, one of displacements, one reduction; and around them those of the scale.
            Assert.True(host.Calls > 3 * 4, $"{host.Calls} calls");
            Assert.InRange(times[Stage.Communication], slept, wall);
            Assert.InRange(times.Total, slept, wall);
            Assert.Equal(times.Total, Enum.GetValues<Stage>().Sum(stage => times[stage]), 1e-9);
            Assert.All(Enum.GetValues<Stage>(), stage => Assert.True(times[stage] > 0, $"{stage}: {times[stage]}"));
        });
        Assert.All(failures, Assert.Null);
    }

    /// <summary>A host that takes its time in every call.</summary>
    private sealed unsafe class SlowHost(ICommunicator communicator, IHalo halo) : ICommunicator, IHalo
    {
        public int Calls { get; set; }

        public TimeSpan Waited { get; set; }

        public int Rank => communicator.Rank;

        public int Size => communicator.Size;

        public void AllReduceSum(Span<long> values)
        {
            Wait();
            communicator.AllReduceSum(values);
        }

        public void AllReduceMax(Span<double> values)
        {
            Wait();
            communicator.AllReduceMax(values);
        }

        public void AllReduceMin(Span<double> values)
        {
            Wait();
            communicator.AllReduceMin(values);
        }

        public void Forward(float* rows, int width)
        {
            Wait();
            halo.Forward(rows, width);
        }

        public void Forward(double* rows, int width)
        {
            Wait();
            halo.Forward(rows, width);
        }

        private void Wait()
        {
            Calls++;
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(Pause);
            Waited += Stopwatch.GetElapsedTime(start);
        }
    }
}
