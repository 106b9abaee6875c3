namespace Denoise.Devices.Arguments;

/// <summary>A search around every owned atom; squares in steps^2 where not said otherwise.</summary>
public struct SearchArguments
{
    public GridArguments Grid;

    /// <summary>Of the cutoff or range, Å^2, in double precision: what decides.</summary>
    public double CutoffSquared;

    /// <summary>
    /// Of the radius within which is searched, less and more than what single precision and coordinates in steps may be wrong by:
    /// below the one a pair is within the radius, above the other it is not.
    /// </summary>
    public float Inside;
    public float Outside;

    /// <summary>Share by which squares of such lengths may be wrong.</summary>
    public float Band;

    /// <summary>Room in a row of the list, or whether nothing is further than the radius.</summary>
    public int Stride;
    public int IsFinal;
}
