namespace Denoise.Devices.Arguments;

/// <summary>
/// A grid of cubic cells over all atoms. Coordinates are whole numbers of a step, so that cells, differences and squares are the same
/// on every device; x is fastest in a cell's number.
/// </summary>
public struct GridArguments
{
    /// <summary>Corner of the grid, Å, and steps per Å.</summary>
    public double OriginX;
    public double OriginY;
    public double OriginZ;
    public double StepsPerLength;

    /// <summary>Atoms that are sorted, and those of them that are owned.</summary>
    public int Atoms;
    public int Local;

    /// <summary>Steps of a cell's edge, and cells along each axis.</summary>
    public int CellSteps;
    public int CountX;
    public int CountY;
    public int CountZ;
}
