using System.Globalization;

namespace Denoise.Parallel.Mpi;

/// <summary>
/// What started this process, read from the environment: programs such as mpirun and srun tell each process so. Without one MPI
/// is never loaded, which keeps the start of a single process short.
/// </summary>
/// <param name="Name">the program, for messages</param>
/// <param name="Size">number of processes, where the launcher says it</param>
/// <param name="Family">the kind of MPI library that understands this launcher, where only one does</param>
public sealed record MpiLauncher(string Name, int? Size, MpiAbi? Family)
{
    /// <summary>Set to "off": this process works alone, whoever started it.</summary>
    public const string SwitchVariable = "DENOISE_MPI";

    // Most specific first: under Slurm, Open MPI's own mpirun sets its variables besides those of Slurm.
    private static readonly (string Name, string Present, string[] SizeVariables, MpiAbi? Family)[] Known =
    [
        ("Open MPI's mpirun", "OMPI_COMM_WORLD_SIZE", ["OMPI_COMM_WORLD_SIZE"], MpiAbi.OpenMpi),
        ("MVAPICH's mpirun", "MV2_COMM_WORLD_SIZE", ["MV2_COMM_WORLD_SIZE"], MpiAbi.Mpich),
        ("PMIx", "PMIX_RANK", ["SLURM_STEP_NUM_TASKS", "FLUX_JOB_SIZE"], null),
        ("PALS", "PALS_RANKID", ["PALS_SIZE", "PMI_SIZE"], MpiAbi.Mpich),
        ("mpiexec", "PMI_SIZE", ["PMI_SIZE"], MpiAbi.Mpich),
        ("mpiexec", "PMI_RANK", ["SLURM_STEP_NUM_TASKS"], MpiAbi.Mpich),
        ("Flux", "FLUX_JOB_SIZE", ["FLUX_JOB_SIZE"], null),
        ("srun", "SLURM_STEP_NUM_TASKS", ["SLURM_STEP_NUM_TASKS"], null),
    ];

    /// <summary>The launcher of several processes, or null where this one is alone.</summary>
    /// <param name="variable">value of an environment variable, null where it is not set</param>
    public static MpiLauncher? Detect(Func<string, string?> variable)
    {
        if (variable(SwitchVariable) is "off" or "0")
            return null;
        foreach (var (name, present, sizeVariables, family) in Known)
        {
            if (string.IsNullOrEmpty(variable(present)))
                continue;
            int? size = null;
            foreach (string sizeVariable in sizeVariables)
                if (int.TryParse(variable(sizeVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int value))
                    size ??= value;
            return size == 1 ? null : new(name, size, family);
        }

        return null;
    }
}
