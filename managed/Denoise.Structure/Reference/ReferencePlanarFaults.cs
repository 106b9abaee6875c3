using Denoise.Atoms;
using Denoise.Neighbors.Reference;
using Denoise.Structure.PlanarFaults;

namespace Denoise.Structure.Reference;

/// <summary>
/// Planar faults in a periodic box, all pairs, double precision: the oracle of <see cref="PlanarFaultAnalysis"/>, whose summary holds the
/// rules.
/// </summary>
public static class ReferencePlanarFaults
{
    /// <summary>Types of all atoms, whose structures are given.</summary>
    public static PlanarFaultType[] Of(Vec3[] positions, Box box, StructureType[] structures, double range)
    {
        Shell[] shells = [.. positions.Select((_, i) => new Shell(ReferenceNeighbors.Within(positions, box, i, range)
            .OrderBy(n => n.DistanceSquared).Take(12).ToList(), structures[i]))];
        PlanarFaultType[] first = [.. shells.Select(shell => First(shell, shells))];
        bool[] isBetween = [.. shells.Select(shell =>
            shell.Type == StructureType.Fcc && shell.Nearest.Any(n => Between(shell, n, shells)))];
        return [.. shells.Select((shell, i) => Last(shell, first[i], first, isBetween, shells))];
    }

    private static PlanarFaultType First(Shell own, Shell[] shells)
    {
        if (own.Type != StructureType.Hcp)
            return PlanarFaultType.None;
        int stacked = new[] { own.Above, own.Below }.Count(side => side.Any(n => Stacked(own, shells[n.Index])));
        if (stacked > 0)
            return stacked == 2 ? PlanarFaultType.Multilayer : PlanarFaultType.Intrinsic;
        bool IsFcc(ReferenceNeighbors.Neighbor n) => shells[n.Index].Type == StructureType.Fcc;
        return own.Layer.Any(n => shells[n.Index].Type == StructureType.Hcp) && own.Above.Any(IsFcc) && own.Below.Any(IsFcc)
            ? PlanarFaultType.Twin
            : PlanarFaultType.Indeterminate;
    }

    private static PlanarFaultType Last(Shell own, PlanarFaultType type, PlanarFaultType[] first, bool[] isBetween, Shell[] shells)
    {
        ReferenceNeighbors.Neighbor[] sides = [.. own.Above, .. own.Below];
        if (type == PlanarFaultType.Intrinsic)
        {
            bool isNext = sides.Any(n => first[n.Index] == PlanarFaultType.Multilayer && Stacked(own, shells[n.Index]));
            return isNext ? PlanarFaultType.Multilayer : type;
        }

        if (type is PlanarFaultType.None or PlanarFaultType.Multilayer)
            return type;
        bool hasIntrinsic = own.Layer.Any(n => first[n.Index] == PlanarFaultType.Intrinsic);
        bool hasTwin = own.Layer.Any(n => first[n.Index] == PlanarFaultType.Twin);
        if (hasIntrinsic && !hasTwin)
            return PlanarFaultType.Intrinsic;
        if (hasTwin && !hasIntrinsic)
            type = PlanarFaultType.Twin;
        return type == PlanarFaultType.Twin && sides.Any(n => isBetween[n.Index]) ? PlanarFaultType.Extrinsic : type;
    }

    private static bool Between(Shell own, ReferenceNeighbors.Neighbor one, Shell[] shells)
    {
        Shell plane = shells[one.Index];
        if (plane.Type != StructureType.Hcp)
            return false;
        double[] heights = [.. own.Nearest.Where(n => Stacked(plane, shells[n.Index]))
            .Select(n => Vec3.Dot(plane.Normal, n.Vector) / n.Vector.Length)];
        double half = Math.Sqrt(1.0 / 6);
        return heights.Count(h => h > half) >= 2 && heights.Count(h => h < -half) >= 2;
    }

    private static bool Stacked(Shell a, Shell b) =>
        b.Type == StructureType.Hcp && Math.Abs(Vec3.Dot(a.Normal, b.Normal)) > Math.Sqrt(2.0 / 3);

    /// <summary>The twelve nearest of an atom; of an hcp atom, also by layer.</summary>
    private sealed class Shell
    {
        public Shell(List<ReferenceNeighbors.Neighbor> nearest, StructureType type)
        {
            (Nearest, Type) = (nearest, type);
            if (type != StructureType.Hcp)
                return;
            double cutoff = (1 + Math.Sqrt(2)) / 2 * nearest.Average(n => n.Vector.Length);
            ReferenceNeighbors.Neighbor[] shell = [.. nearest];
            Layer = [.. shell.Where((_, k) => ReferenceCommonNeighbors.Signature(shell, k, cutoff).Cluster == 2)];
            ReferenceNeighbors.Neighbor[] others = [.. shell.Except(Layer)];
            Above = [.. others.Where(n => (n.Vector - others[0].Vector).Length < cutoff)];
            Below = [.. others.Except(Above)];
            Vec3 across = Sum(Above) - Sum(Below);
            Normal = across * (1 / across.Length);
        }

        public List<ReferenceNeighbors.Neighbor> Nearest { get; }

        public StructureType Type { get; }

        public ReferenceNeighbors.Neighbor[] Layer { get; } = [];

        public ReferenceNeighbors.Neighbor[] Above { get; } = [];

        public ReferenceNeighbors.Neighbor[] Below { get; } = [];

        public Vec3 Normal { get; }

        private static Vec3 Sum(ReferenceNeighbors.Neighbor[] side) => side.Aggregate(default(Vec3), (sum, n) => sum + n.Vector);
    }
}
