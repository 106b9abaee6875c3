namespace Denoise.Parallel.Tests;

/// <summary>A theory that starts Open MPI's mpirun.</summary>
public sealed class OpenMpiTheoryAttribute : TheoryAttribute
{
    public OpenMpiTheoryAttribute()
    {
        if (MpiRun.OpenMpi is null)
            Skip = "needs Open MPI (Debian: openmpi-bin)";
    }
}
