namespace Denoise.Parallel;

/// <summary>No ghosts, nothing to copy.</summary>
public sealed unsafe class NoHalo : IHalo
{
    public static NoHalo Instance { get; } = new();

    public void Forward(float* rows, int width) { }

    public void Forward(double* rows, int width) { }

    public bool TryGetOwners(out int* owners)
    {
        owners = null;
        return true;
    }
}
