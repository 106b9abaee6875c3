namespace Denoise.Parallel.Tests;

/// <summary>A theory that starts MPICH's mpiexec.</summary>
public sealed class MpichTheoryAttribute : TheoryAttribute
{
    public MpichTheoryAttribute()
    {
        if (MpiRun.Mpich is null)
            Skip = "needs MPICH (Debian: mpich)";
    }
}
