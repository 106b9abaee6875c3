using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Denoise.Atoms;

namespace Denoise.Structure;

/// <summary>
/// Common neighbor signatures from the bit masks of a <see cref="BondMatrix"/>. The signature (jkl) of neighbor a counts j:
/// neighbors bonded to a, that is the common neighbors of a and the central atom; k: bonds among those; l: bonds in the largest
/// cluster that these bonds connect.
/// Honeycutt and Andersen, doi:10.1021/j100303a014; Faken and Jonsson, doi:10.1016/0927-0256(94)90109-0.
/// </summary>
internal static unsafe class CommonNeighborSignature
{
    /// <summary>Neighbors of an fcc, hcp or icosahedral atom.</summary>
    public const int ClosePacked = 12;

    /// <summary>Neighbors of a bcc atom, both shells.</summary>
    public const int BodyCentered = 14;

    /// <summary>Bonds of a neighbor to the other eleven: 4 (fcc, hcp) or 5 (icosahedral), all alike.</summary>
    public static AllowedBonds BondsOfTwelve => new(1 << 4 | 1 << 5, 0);

    /// <summary>Bonds of a neighbor to the other thirteen.</summary>
    public static AllowedBonds BondsOfFourteen => new(1 << 4 | 1 << 6, 1 << 4 | 1 << 6);

    /// <summary>fcc: 12 x (421); hcp: 6 x (421) and 6 x (422); icosahedral: 12 x (555).</summary>
    /// <param name="rows">bond matrix of twelve neighbors, every one with 4 or every one with 5 bonds</param>
    public static StructureType OfTwelve(ushort* rows)
    {
        Vector256<ushort> bonds = CountCommonBonds(rows, ClosePacked, out Vector256<ushort> most);
        // Five bonds among five atoms are always one cluster: two and three atoms have room for four.
        if (BitOperations.PopCount((uint)rows[0]) == 5)
            return AllEqual(bonds, 10, ClosePacked) ? StructureType.Icosahedral : StructureType.Other;
        if (!AllEqual(bonds, 4, ClosePacked))
            return StructureType.Other;
        // Two bonds among four atoms: apart, every atom has one (421); joined, one atom has both (422).
        int joined = BitOperations.PopCount(Vector256.Equals(most, Vector256.Create<ushort>(2)).ExtractMostSignificantBits());
        return joined switch { 0 => StructureType.Fcc, 6 => StructureType.Hcp, _ => StructureType.Other };
    }

    /// <summary>bcc: 8 x (666) and 6 x (444).</summary>
    /// <param name="rows">bond matrix of fourteen neighbors, every one with 4 or 6 bonds</param>
    public static StructureType OfFourteen(ushort* rows)
    {
        const uint All = (1u << BodyCentered) - 1;
        Vector256<ushort> bonds = CountCommonBonds(rows, BodyCentered, out Vector256<ushort> most);
        Vector256<ushort> common = PopCount(Vector256.Load(rows)), six = Vector256.Create<ushort>(6);
        uint hexagons = Vector256.Equals(common, six).ExtractMostSignificantBits() & All;
        if (BitOperations.PopCount(hexagons) != 8 || !Vector256.EqualsAll(bonds, common + common))
            return StructureType.Other;
        // Four bonds among four atoms are always one cluster; six among six can be two.
        uint branched = Vector256.GreaterThan(most, Vector256.Create<ushort>(2)).ExtractMostSignificantBits();
        for (; hexagons != 0; hexagons &= hexagons - 1)
        {
            uint members = rows[BitOperations.TrailingZeroCount(hexagons)];
            bool isOneCluster = (branched & hexagons & (0 - hexagons)) != 0 ? Flood(rows, members) : IsRing(rows, members);
            if (!isOneCluster)
                return StructureType.Other;
        }

        return StructureType.Bcc;
    }

    /// <summary>
    /// For every neighbor b, one lane each: the sum, over the common neighbors a of b and the central atom, of the number n(a, b)
    /// of neighbors bonded to both; that is twice the number of bonds among its common neighbors. Also the largest n(a, b).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> CountCommonBonds(ushort* rows, int count, out Vector256<ushort> most)
    {
        Vector256<ushort> all = Vector256.Load(rows), sum = Vector256<ushort>.Zero;
        Vector256<ushort> lane = Vector256.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        Vector256<ushort> largest = Vector256<ushort>.Zero;
        for (int a = 0; a < count; a++)
        {
            Vector256<ushort> row = Vector256.Create(rows[a]);
            // n(a, b) counts where b is bonded to a.
            Vector256<ushort> shared = all & row & Vector256.Equals(row & lane, lane);
            Vector256<ushort> number = PopCount(shared);
            sum += number;
            largest = Vector256.Max(largest, number);
        }

        most = largest;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ushort> PopCount(Vector256<ushort> value)
    {
        if (Avx2.IsSupported)
        {
            Vector256<byte> bits = Vector256.Create(
                (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            Vector256<byte> nibble = Vector256.Create((byte)0x0F);
            Vector256<byte> low = Avx2.Shuffle(bits, value.AsByte() & nibble);
            Vector256<byte> high = Avx2.Shuffle(bits, (value >> 4).AsByte() & nibble);
            return Avx2.MultiplyAddAdjacent(low + high, Vector256.Create((sbyte)1)).AsUInt16();
        }

        value -= (value >> 1) & Vector256.Create((ushort)0x5555);
        value = (value & Vector256.Create((ushort)0x3333)) + ((value >> 2) & Vector256.Create((ushort)0x3333));
        value = (value + (value >> 4)) & Vector256.Create((ushort)0x0F0F);
        return (value + (value >> 8)) & Vector256.Create((ushort)0x00FF);
    }

    /// <summary>Whether the first lanes all hold a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AllEqual(Vector256<ushort> lanes, ushort number, int count) =>
        (~Vector256.Equals(lanes, Vector256.Create(number)).ExtractMostSignificantBits() & ((1u << count) - 1)) == 0;

    /// <summary>
    /// Whether six atoms, each bonded to two of the others, are one ring and not two triangles: the partners of one are not bonded
    /// to each other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsRing(ushort* rows, uint members)
    {
        uint partners = rows[BitOperations.TrailingZeroCount(members)] & members;
        return (rows[BitOperations.TrailingZeroCount(partners)] & partners) == 0;
    }

    /// <summary>Members bonded to any atom of a set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Step(ushort* rows, uint members, uint from)
    {
        uint reached = 0;
        for (; from != 0; from &= from - 1)
            reached |= rows[BitOperations.TrailingZeroCount(from)];
        return reached & members;
    }

    /// <summary>Whether all bonds among a set of atoms are connected, whatever their number; an atom without any does not count.</summary>
    private static bool Flood(ushort* rows, uint members)
    {
        uint bonded = Step(rows, members, members), cluster = bonded & (0 - bonded);
        for (uint fresh = cluster; fresh != 0;)
        {
            uint reached = Step(rows, members, fresh);
            fresh = reached & ~cluster;
            cluster |= reached;
        }

        return cluster == bonded;
    }
}
