namespace Denoise.Parallel;

/// <summary>The place of this process among those of its machine.</summary>
public static class NodePlace
{
    /// <summary>What mpirun and srun tell a process.</summary>
    private static readonly string[] Variables =
        ["OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "MV2_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"];

    /// <summary>As its environment says, from 0; 0 where it says nothing.</summary>
    public static int OfEnvironment => Variables.Select(Environment.GetEnvironmentVariable)
        .Select(text => int.TryParse(text, out int rank) && rank >= 0 ? rank : -1).FirstOrDefault(rank => rank >= 0);
}
