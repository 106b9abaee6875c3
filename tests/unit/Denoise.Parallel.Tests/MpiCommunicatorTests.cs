using Denoise.Parallel.RankProgram;

namespace Denoise.Parallel.Tests;

/// <summary>The communicator and the decomposition under real launchers, one per MPI ABI that the machine has.</summary>
public sealed class MpiCommunicatorTests
{
    [Fact]
    public void A_single_process_loads_no_MPI()
    {
        CommunicatorChecks.Run(SerialCommunicator.Instance);
        Assert.DoesNotContain("libmpi", File.ReadAllText("/proc/self/maps"));
    }

    [Fact]
    public void Decomposition_on_one_process_finds_all_images()
    {
        for (int seed = 0; seed < 10; seed++)
            DecompositionChecks.Run(SerialCommunicator.Instance, seed);
    }

    [OpenMpiTheory]
    [InlineData(1, "collectives")]
    [InlineData(2, "collectives")]
    [InlineData(4, "collectives")]
    [InlineData(2, "decomposition")]
    [InlineData(4, "decomposition")]
    [InlineData(6, "decomposition")]
    public void Open_MPI(int ranks, string check) => Succeeds(MpiRun.OpenMpi!, ranks, check, "(OpenMpi)");

    [MpichTheory]
    [InlineData(2, "collectives")]
    [InlineData(4, "collectives")]
    [InlineData(4, "decomposition")]
    public void MPICH(int ranks, string check) => Succeeds(MpiRun.Mpich!, ranks, check, "(Mpich)");

    [StandardAbiTheory]
    [InlineData(2, "collectives")]
    [InlineData(4, "decomposition")]
    public void The_ABI_of_the_standard(int ranks, string check) =>
        Succeeds(MpiRun.OpenMpi!, ranks, check, "(Standard)", ("DENOISE_MPI_LIB", StandardAbiLibrary.Path!));

    [OpenMpiTheory]
    [InlineData(4)]
    public void One_failing_rank_ends_all_with_Open_MPI(int ranks) => Ends(MpiRun.OpenMpi!, ranks);

    [MpichTheory]
    [InlineData(4)]
    public void One_failing_rank_ends_all_with_MPICH(int ranks) => Ends(MpiRun.Mpich!, ranks);

    [OpenMpiTheory]
    [InlineData("libnone.so", "libnone.so")]
    [InlineData("libc.so.6", "not a usable MPI library")]
    public void A_wrong_library_is_named(string library, string expected)
    {
        var (exitCode, _, error) = MpiRun.Start(MpiRun.OpenMpi!, 2, "collectives", ("DENOISE_MPI_LIB", library));
        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, error);
    }

    [OpenMpiTheory]
    [InlineData("libmpich.so.12")]
    public void A_library_of_another_MPI_is_refused(string library)
    {
        if (MpiRun.Mpich is null)
            return;
        var (exitCode, _, error) = MpiRun.Start(MpiRun.OpenMpi!, 2, "collectives", ("DENOISE_MPI_LIB", library));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("started 2 processes, but libmpich.so.12 (Mpich) sees 1", error);
    }

    private static void Succeeds(string launcher, int ranks, string check, string abi, params (string, string)[] environment)
    {
        var (exitCode, output, error) = MpiRun.Start(launcher, ranks, check, environment);
        Assert.True(exitCode == 0, $"exit code {exitCode}: {error}");
        Assert.Contains(ranks == 1 ? "ok 1 serial" : $"ok {ranks} ", output);
        if (ranks > 1)
            Assert.Contains(abi, output);
    }

    private static void Ends(string launcher, int ranks)
    {
        var (exitCode, output, _) = MpiRun.Start(launcher, ranks, "abort");
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain("ok", output);
    }
}
