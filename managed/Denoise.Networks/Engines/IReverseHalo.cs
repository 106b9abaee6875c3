namespace Denoise.Networks.Engines;

/// <summary>
/// The transpose of a halo's forward copy: adds the rows of ghosts to those of the atoms they are copies of. Rows are
/// [nLocal + nGhost, width], row-major; ghost rows are left as they are.
/// </summary>
public unsafe interface IReverseHalo
{
    void Reverse(double* rows, int width);
}
