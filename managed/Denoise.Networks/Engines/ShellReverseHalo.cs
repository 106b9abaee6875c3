using Denoise.Neighbors;

namespace Denoise.Networks.Engines;

/// <summary>On a single process: adds the rows of the periodic images in a <see cref="GhostShell"/> to their owners', in order.</summary>
/// <param name="shell">read at every call, so it may be rebuilt between calls</param>
public sealed unsafe class ShellReverseHalo(GhostShell shell) : IReverseHalo
{
    public void Reverse(double* rows, int width)
    {
        for (int ghost = 0; ghost < shell.GhostCount; ghost++)
        {
            double* from = rows + (shell.LocalCount + (long)ghost) * width;
            double* to = rows + (long)shell.Owners[ghost] * width;
            for (int c = 0; c < width; c++)
                to[c] += from[c];
        }
    }
}
