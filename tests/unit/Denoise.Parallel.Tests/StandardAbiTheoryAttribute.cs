namespace Denoise.Parallel.Tests;

/// <summary>A theory that needs the ABI of the MPI 5.0 standard, on top of Open MPI.</summary>
public sealed class StandardAbiTheoryAttribute : TheoryAttribute
{
    public StandardAbiTheoryAttribute()
    {
        if (MpiRun.OpenMpi is null || StandardAbiLibrary.Path is null)
            Skip = "needs Open MPI (Debian: openmpi-bin) and a C compiler";
    }
}
