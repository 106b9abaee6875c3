using ILGPU;

namespace Denoise.Kernels.Structure;

/// <summary>
/// Common neighbor signatures from bit masks: bit b of row a where neighbors a and b are bonded. The numbers are OVITO's: 0 other, 1 fcc,
/// 2 hcp, 3 bcc, 4 icosahedral. The same rules as in Denoise.Structure's CommonNeighborSignature.
/// </summary>
public static class Signatures
{
    private const int Other = 0, Fcc = 1, Hcp = 2, Bcc = 3, Icosahedral = 4;

    /// <summary>fcc: 12 x (421); hcp: 6 x (421) and 6 x (422); icosahedral: 12 x (555).</summary>
    public static int OfTwelve(ArrayView<int> rows)
    {
        int bonds = IntrinsicMath.PopCount(rows[0]), joined = 0;
        if (bonds != 4 && bonds != 5)
            return Other;
        for (int b = 0; b < 12; b++)
        {
            int row = rows[b], sum = 0, most = 0;
            if (IntrinsicMath.PopCount(row) != bonds)
                return Other;
            for (int a = 0; a < 12; a++)
                if (((row >> a) & 1) != 0)
                {
                    int shared = IntrinsicMath.PopCount(row & rows[a]);
                    sum += shared;
                    most = IntrinsicMath.Max(most, shared);
                }

            // Twice the bonds among the common neighbors: two of four, or five of five, which are always one cluster.
            if (sum != (bonds == 4 ? 4 : 10))
                return Other;
            if (bonds == 4 && most == 2)
                joined++;
        }

        if (bonds == 5)
            return Icosahedral;
        return joined == 0 ? Fcc : joined == 6 ? Hcp : Other;
    }

    /// <summary>bcc: 8 x (666) and 6 x (444).</summary>
    public static int OfFourteen(ArrayView<int> rows)
    {
        int hexagons = 0;
        for (int b = 0; b < 14; b++)
        {
            int row = rows[b], bonds = IntrinsicMath.PopCount(row), sum = 0;
            if (bonds != 4 && bonds != 6)
                return Other;
            hexagons += bonds == 6 ? 1 : 0;
            for (int a = 0; a < 14; a++)
                if (((row >> a) & 1) != 0)
                    sum += IntrinsicMath.PopCount(row & rows[a]);
            if (sum != 2 * bonds)
                return Other;
        }

        if (hexagons != 8)
            return Other;
        // Four bonds among four atoms are always one cluster; six among six can be two.
        for (int b = 0; b < 14; b++)
            if (IntrinsicMath.PopCount(rows[b]) == 6 && !IsOneCluster(rows, rows[b]))
                return Other;
        return Bcc;
    }

    /// <summary>Whether all bonds among a set of atoms are connected; an atom without any does not count.</summary>
    private static bool IsOneCluster(ArrayView<int> rows, int members)
    {
        int bonded = Reached(rows, members, members), cluster = bonded & -bonded, before = 0;
        while (cluster != before)
        {
            before = cluster;
            cluster |= Reached(rows, members, cluster);
        }

        return cluster == bonded;
    }

    /// <summary>Members bonded to any atom of a set.</summary>
    private static int Reached(ArrayView<int> rows, int members, int from)
    {
        int reached = 0;
        for (int a = 0; a < 14; a++)
            if (((from >> a) & 1) != 0)
                reached |= rows[a];
        return reached & members;
    }
}
