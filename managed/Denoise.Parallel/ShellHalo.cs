using Denoise.Neighbors;

namespace Denoise.Parallel;

/// <summary>The halo of a single process: copies the rows of owned atoms to their periodic images in a <see cref="GhostShell"/>.</summary>
/// <param name="shell">read at every call, so it may be rebuilt between calls</param>
public sealed unsafe class ShellHalo(GhostShell shell) : IHalo
{
    public void Forward(float* rows, int width) => Copy(rows, width);

    public void Forward(double* rows, int width) => Copy(rows, width);

    public bool TryGetOwners(out int* owners)
    {
        owners = shell.Owners.Pointer;
        return true;
    }

    private void Copy<T>(T* rows, int width)
        where T : unmanaged
    {
        int* owners = shell.Owners.Pointer;
        T* ghost = rows + (long)shell.LocalCount * width;
        for (int g = 0; g < shell.GhostCount; g++, ghost += width)
            new ReadOnlySpan<T>(rows + (long)owners[g] * width, width).CopyTo(new Span<T>(ghost, width));
    }
}
