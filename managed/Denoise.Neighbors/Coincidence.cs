namespace Denoise.Neighbors;

/// <summary>
/// When two atoms are in one place: closer than a thousandth of the distance between neighbors. That finds duplicates that files or
/// arithmetic have rounded, and boxes that fold atoms onto each other; the closest approaches of real dynamics, some tenths of an Å
/// in a radiation cascade, are a hundred times longer.
/// </summary>
public static class Coincidence
{
    private const double Share = 1e-3;

    /// <summary>However dilute atoms are, those that are bonded are not further apart, Å.</summary>
    private const double LongestNeighborDistance = 2.5;

    /// <summary>Atoms closer than this may be in one place, whatever the distance between neighbors, Å.</summary>
    public static double LargestDistance => Share * LongestNeighborDistance;

    /// <summary>Atoms closer than this are in one place, Å.</summary>
    /// <param name="neighborDistance">of the atoms around, Å; infinite or not a number: not known</param>
    public static double Distance(double neighborDistance) =>
        neighborDistance < LongestNeighborDistance ? Share * neighborDistance : LargestDistance;
}
