using Denoise.Atoms;

namespace Denoise.Structure.AcklandJones;

/// <summary>
/// How many angles between the neighbors of an atom have their cosine in each of eight intervals, and which structure that is:
/// <code>
/// bcc:  0.35 chi_4 / (chi_5 + chi_6 - chi_4)
/// cp:   |1 - chi_6 / 24|
/// fcc:  0.61 (|chi_0 + chi_1 - 6| + chi_2) / 6
/// hcp:  (|chi_0 - 3| + |chi_0 + chi_1 + chi_2 + chi_3 - 9|) / 12
/// </code>
/// are the distances from these structures; chi_0 = 7, 6 or at most 3 makes that from bcc, fcc or hcp zero.
/// </summary>
internal struct AngleCounts
{
    /// <summary>Intervals of the cosine.</summary>
    public const int Intervals = 8;

    /// <summary>With fewer neighbors in N_1 an atom is of no structure.</summary>
    public const int FewestNeighbors = 11;

    // Neighbors in N_1: most of a close-packed atom, and of an icosahedral one.
    private const int MostClosePacked = 12;
    private const int MostIcosahedral = 13;

    private Counts _chi;

    /// <summary>Where the next interval begins.</summary>
    public static ReadOnlySpan<double> Edges => [-0.945, -0.915, -0.755, -0.195, 0.195, 0.245, 0.795];

    /// <param name="below">[7] angles with a cosine below each of <see cref="Edges"/></param>
    /// <param name="total">angles</param>
    public static AngleCounts FromCumulative(ReadOnlySpan<int> below, int total)
    {
        AngleCounts counts = default;
        for (int k = 0; k < Intervals; k++)
            counts._chi[k] = (k < Intervals - 1 ? below[k] : total) - (k > 0 ? below[k - 1] : 0);
        return counts;
    }

    /// <summary>The structure of an atom with so many neighbors in N_1.</summary>
    public readonly StructureType Name(int neighbors)
    {
        int c0 = _chi[0], c4 = _chi[4];
        double bcc = c0 == 7 ? 0 : 0.35 * c4 / (double)(_chi[5] + _chi[6] - c4);
        double closePacked = Math.Abs(1 - _chi[6] / 24.0);
        double fcc = c0 == 6 ? 0 : 0.61 * (Math.Abs(c0 + _chi[1] - 6) + _chi[2]) / 6;
        double hcp = c0 <= 3 ? 0 : (Math.Abs(c0 - 3.0) + Math.Abs(c0 + _chi[1] + _chi[2] + _chi[3] - 9.0)) / 12;
        if (_chi[7] > 0 || neighbors < FewestNeighbors)
            return StructureType.Other;
        if (c4 < 3)
            return neighbors > MostIcosahedral ? StructureType.Other : StructureType.Icosahedral;
        if (bcc <= closePacked)
            return StructureType.Bcc;
        if (neighbors > MostClosePacked)
            return StructureType.Other;
        return fcc < hcp ? StructureType.Fcc : StructureType.Hcp;
    }

    [System.Runtime.CompilerServices.InlineArray(Intervals)]
    private struct Counts
    {
        private int _first;
    }
}
