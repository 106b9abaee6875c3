using System.Numerics;
using System.Runtime.CompilerServices;
using Denoise.Atoms;

namespace Denoise.Structure;

/// <summary>
/// Common neighbor signatures from bit masks. Among the n neighbors of an atom, bit b of adjacency[a] says that neighbors a and
/// b are bonded. The signature (jkl) of neighbor a counts j: neighbors bonded to a, that is the common neighbors of a and the
/// central atom; k: bonds among those; l: bonds in the largest cluster that these bonds connect.
/// Honeycutt and Andersen, doi:10.1021/j100303a014; Faken and Jonsson, doi:10.1016/0927-0256(94)90109-0.
/// </summary>
internal static unsafe class CommonNeighborSignature
{
    /// <summary>Neighbors of an fcc, hcp or icosahedral atom.</summary>
    public const int ClosePacked = 12;

    /// <summary>Neighbors of a bcc atom, both shells.</summary>
    public const int BodyCentered = 14;

    /// <summary>Bit n set where a neighbor may have n bonds to the other eleven.</summary>
    public const uint BondsOfTwelve = 1 << 4 | 1 << 5;

    /// <summary>Bit n set where a neighbor may have n bonds to the other thirteen.</summary>
    public const uint BondsOfFourteen = 1 << 4 | 1 << 6;

    /// <summary>fcc: 12 x (421); hcp: 6 x (421) and 6 x (422); icosahedral: 12 x (555).</summary>
    public static StructureType OfTwelve(uint* adjacency)
    {
        int bonds = BitOperations.PopCount(adjacency[0]);
        if (bonds == 5)
            return IsIcosahedral(adjacency) ? StructureType.Icosahedral : StructureType.Other;

        int twisted = 0;
        for (int a = 0; a < ClosePacked; a++)
        {
            uint common = adjacency[a];
            if (BitOperations.PopCount(common) != 4)
                return StructureType.Other;
            // Two bonds among four atoms: apart, every atom has one (421); joined, one atom has both (422).
            int ends = 0, most = 0;
            for (uint rest = common; rest != 0; rest &= rest - 1)
            {
                int degree = BitOperations.PopCount(adjacency[BitOperations.TrailingZeroCount(rest)] & common);
                ends += degree;
                most = Math.Max(most, degree);
            }

            if (ends != 4)
                return StructureType.Other;
            twisted += most - 1;
        }

        return twisted switch { 0 => StructureType.Fcc, 6 => StructureType.Hcp, _ => StructureType.Other };
    }

    /// <summary>bcc: 8 x (666) and 6 x (444).</summary>
    public static StructureType OfFourteen(uint* adjacency)
    {
        int hexagons = 0;
        for (int a = 0; a < BodyCentered; a++)
        {
            uint common = adjacency[a];
            int count = BitOperations.PopCount(common);
            if ((count != 4 && count != 6) || !IsOneCluster(adjacency, common, bonds: count))
                return StructureType.Other;
            hexagons += count == 6 ? 1 : 0;
        }

        return hexagons == 8 ? StructureType.Bcc : StructureType.Other;
    }

    private static bool IsIcosahedral(uint* adjacency)
    {
        for (int a = 0; a < ClosePacked; a++)
        {
            if (BitOperations.PopCount(adjacency[a]) != 5 || !IsOneCluster(adjacency, adjacency[a], bonds: 5))
                return false;
        }

        return true;
    }

    /// <summary>Whether a set of atoms has so many bonds among its members, all in one cluster.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOneCluster(uint* adjacency, uint members, int bonds)
    {
        int ends = 0;
        uint bonded = 0;
        for (uint rest = members; rest != 0; rest &= rest - 1)
        {
            uint partners = adjacency[BitOperations.TrailingZeroCount(rest)] & members;
            ends += BitOperations.PopCount(partners);
            bonded |= partners;
        }

        if (ends != 2 * bonds)
            return false;

        // Grow a cluster from the first atom that has a bond; an atom is visited once.
        uint cluster = bonded & (0 - bonded), fresh = cluster;
        while (fresh != 0)
        {
            uint reached = adjacency[BitOperations.TrailingZeroCount(fresh)] & members;
            fresh &= fresh - 1;
            fresh |= reached & ~cluster;
            cluster |= reached;
        }

        return cluster == bonded;
    }
}
