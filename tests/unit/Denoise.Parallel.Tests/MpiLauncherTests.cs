using Denoise.Parallel.Mpi;

namespace Denoise.Parallel.Tests;

public sealed class MpiLauncherTests
{
    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=4", 4, MpiAbi.OpenMpi)]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 PMIX_RANK=0 SLURM_STEP_NUM_TASKS=1", 4, MpiAbi.OpenMpi)]
    [InlineData("PMI_SIZE=2 PMI_RANK=0", 2, MpiAbi.Mpich)]
    [InlineData("MV2_COMM_WORLD_SIZE=8", 8, MpiAbi.Mpich)]
    [InlineData("PMIX_RANK=3 SLURM_STEP_NUM_TASKS=16", 16, null)]
    [InlineData("PMIX_RANK=3", null, null)]
    [InlineData("SLURM_STEP_NUM_TASKS=16", 16, null)]
    public void A_launcher_is_recognized(string environment, int? size, MpiAbi? family)
    {
        MpiLauncher? launcher = Detect(environment);
        Assert.NotNull(launcher);
        Assert.Equal(size, launcher.Size);
        Assert.Equal(family, launcher.Family);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OMPI_COMM_WORLD_SIZE=1")]
    [InlineData("PMIX_RANK=0 SLURM_STEP_NUM_TASKS=1")]
    // A batch script of a job with many tasks is not one of them.
    [InlineData("SLURM_NTASKS=16 SLURM_PROCID=0 SLURM_JOB_ID=7")]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 DENOISE_MPI=off")]
    public void A_single_process_is_alone(string environment) => Assert.Null(Detect(environment));

    private static MpiLauncher? Detect(string environment)
    {
        Dictionary<string, string> variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return MpiLauncher.Detect(name => variables.GetValueOrDefault(name));
    }
}
