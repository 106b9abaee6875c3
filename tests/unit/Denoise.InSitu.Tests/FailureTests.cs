using Denoise.Atoms;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.InSitu.Tests;

/// <summary>One failing rank ends the call on all ranks: with the reason there, with its number elsewhere, and without a hang.</summary>
public sealed class FailureTests
{
    private static readonly double[] Cuts = [0, 0.3, 0.6, 1];

    [Fact]
    public void Position_that_is_not_finite() =>
        ExpectFailure(1, SessionError.Input, "step 42: the position of atom", d => d.Positions[4] = double.NaN);

    [Fact]
    public void Unknown_type() => ExpectFailure(2, SessionError.Input, "type 0", d => d.Types[0] = 0);

    [Fact]
    public void Atoms_in_one_place_name_both()
    {
        // Both in the interior of the middle slab, so that only it sees them.
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 30);
        int a = Middle(crystal, 0), b = Middle(crystal, 1);
        for (int axis = 0; axis < 3; axis++)
            crystal.Positions[3 * a + axis] = crystal.Positions[3 * b + axis] + 1e-4;
        foreach (double scale in (double[])[0, 0.9])
        {
            SessionOptions options = new() { Model = Metals.Model, MaxIterations = 2, Scale = scale };
            Exception?[] failures = Process(crystal, options, [0, 0.2, 0.8, 1], 5, null);
            AssertFailed(failures, 1, SessionError.Input, "are in one place");
            Assert.Contains($"{Math.Min(a, b) + 1} and {Math.Max(a, b) + 1}", failures[1]!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Failing_exchange_between_layers()
    {
        for (int failAt = 1; failAt <= 6; failAt++)
            ExpectFailure(0, SessionError.Internal, "lost", null, (rank, halo) => rank == 0 ? new FailingHalo(halo, failAt) : halo);
    }

    [Fact]
    public void Short_ghosts_fail_everywhere_and_say_what_is_needed()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 17);
        foreach (double scale in (double[])[0, 0.9])
        {
            SessionOptions options = new() { Model = Metals.Model, MaxIterations = 2, Scale = scale, LengthUnit = 0.5 };
            double[] needed = new double[3];
            Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 3), (communicator, halo, domain) =>
            {
                using Session session = new(options, communicator);
                try
                {
                    session.Process(domain.Frame(halo));
                }
                finally
                {
                    needed[communicator.Rank] = session.Info.GhostCutoffNeeded;
                }
            });
            Assert.All(failures, f => Assert.Equal(SessionError.Communication, Assert.IsType<SessionException>(f).Error));
            Assert.Equal(needed[0], needed[1]);
            Assert.Equal(needed[0], needed[2]);
            // A length here is half an Å. For the scale the 14 nearest are needed, at 2.8 and 4.0.
            double cutoff = Metals.Model.Config.Cutoff / 0.9 / 0.5;
            Assert.InRange(needed[0], scale > 0 ? 0.999 * cutoff : 4.01, scale > 0 ? 1.001 * cutoff : 6);
        }
    }

    [Fact]
    public void Needed_ghosts_are_enough()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 17).Rattled(0.2, 3);
        double needed = Metals.Model.Config.Cutoff / 0.9;
        SessionOptions options = new() { Model = Metals.Model, MaxIterations = 2, Scale = 0.9 };
        Assert.All(Process(crystal, options, Cuts, needed, null), Assert.Null);
        AssertAll(Process(crystal, options, Cuts, needed * 0.999, null), SessionError.Communication, "and must reach");
    }

    [Fact]
    public void Options_that_differ_between_ranks()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 6), (communicator, _, _) =>
        {
            using Session session = new(new() { Scale = communicator.Rank }, communicator);
        });
        AssertAll(failures, SessionError.Communication, "'scale' is not the same on all");
    }

    [Fact]
    public void Models_of_other_weights_on_other_ranks()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 6), (communicator, _, _) =>
        {
            NequipModel model = NequipModel.CreateRandom(TestNetwork.Tiny, communicator.Rank == 2 ? 8 : 7);
            using Session session = new(new() { Model = model }, communicator);
        });
        AssertAll(failures, SessionError.Communication, "'model' is not the same on all");
    }

    [Fact]
    public void Elements_that_differ_between_ranks()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 6), (communicator, _, _) =>
        {
            using Session session = new(new() { Elements = communicator.Rank == 0 ? ["Cu", "NULL"] : ["Cu", "Zr"] }, communicator);
        });
        AssertAll(failures, SessionError.Communication, "'species or elements' is not the same on all");
    }

    [Fact]
    public void Wrong_option_on_one_rank()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 6), (communicator, _, _) =>
        {
            using Session session = new(new() { ModelPath = communicator.Rank == 1 ? "/nowhere/model.pt" : null }, communicator);
        });
        AssertFailed(failures, 1, SessionError.InputOutput, "/nowhere/model.pt");
    }

    [Fact]
    public void Rank_that_cannot_form_a_frame()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 17);
        Exception?[] failures = VirtualRanks.Run(VirtualDomain.Cut(crystal, Cuts, 6), (communicator, halo, domain) =>
        {
            using Session session = new(new(), communicator);
            if (communicator.Rank == 2)
            {
                session.Abstain();
                throw new SessionException(SessionError.Argument, "no frame");
            }

            session.Process(domain.Frame(halo));
        });
        AssertFailed(failures, 2, SessionError.Argument, "no frame");
    }

    private static int Middle(TestCrystal crystal, int skip) => Enumerable.Range(0, crystal.Count)
        .Where(i => Enumerable.Range(0, 3).All(axis => Math.Abs(crystal.Positions[3 * i + axis] / crystal.Box[axis].Length - 0.5) < 0.1))
        .Skip(skip).First();

    private static void ExpectFailure(
        int rank, SessionError error, string text, Action<VirtualDomain>? damage, Func<int, IHalo, IHalo>? wrap = null)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 17).Rattled(0.2, 1);
        AssertFailed(
            Process(crystal, new() { Model = Metals.Model, MaxIterations = 3, Tolerance = -1 }, Cuts, 7, (r, domain, halo) =>
            {
                if (r == rank)
                    damage?.Invoke(domain);
                return wrap?.Invoke(r, halo) ?? halo;
            }),
            rank, error, text);
    }

    private static Exception?[] Process(
        TestCrystal crystal, SessionOptions options, double[] cuts, double ghostCutoff, Func<int, VirtualDomain, IHalo, IHalo>? prepare) =>
        VirtualRanks.Run(VirtualDomain.Cut(crystal, cuts, ghostCutoff), (communicator, halo, domain) =>
        {
            using Session session = new(options, communicator);
            session.Process(domain.Frame(prepare?.Invoke(communicator.Rank, domain, halo) ?? halo));
        });

    private static void AssertFailed(Exception?[] failures, int rank, SessionError error, string text)
    {
        for (int r = 0; r < failures.Length; r++)
        {
            var failure = Assert.IsType<SessionException>(failures[r]);
            Assert.Equal(r == rank ? error : SessionError.OtherRank, failure.Error);
            Assert.Contains(r == rank ? text : $"rank {rank} failed", failure.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertAll(Exception?[] failures, SessionError error, string text) => Assert.All(failures, f =>
    {
        var failure = Assert.IsType<SessionException>(f);
        Assert.Equal(error, failure.Error);
        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    });

    /// <summary>Makes its exchange, as a real one does before it notices that something went wrong, and then fails once.</summary>
    private sealed unsafe class FailingHalo(IHalo inner, int failAt) : IHalo
    {
        private int _calls;

        public void Forward(float* rows, int width)
        {
            inner.Forward(rows, width);
            Count();
        }

        public void Forward(double* rows, int width)
        {
            inner.Forward(rows, width);
            Count();
        }

        private void Count()
        {
            if (++_calls == failAt)
                throw new InvalidOperationException("the rows were lost");
        }
    }
}
