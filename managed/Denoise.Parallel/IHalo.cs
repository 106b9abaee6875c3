namespace Denoise.Parallel;

/// <summary>
/// Copies per-atom rows from the atoms that a process owns to their ghosts, on this and on other processes. Rows are
/// [nLocal + nGhost, width], row-major; the first nLocal rows are read, the others written. Collective, on the main thread.
/// A ghost is a periodic image or another process's atom: what is exchanged must not depend on the image, so positions go as
/// displacements.
/// </summary>
public unsafe interface IHalo
{
    void Forward(float* rows, int width);

    void Forward(double* rows, int width);

    /// <summary>
    /// Whether all ghosts of this process are images of atoms that it owns. Then nothing need be exchanged: a ghost's row can be
    /// read where its owner's is.
    /// </summary>
    /// <param name="owners">[nGhost] the owned atom that each ghost is an image of; null where there are no ghosts</param>
    bool TryGetOwners(out int* owners)
    {
        owners = null;
        return false;
    }
}
