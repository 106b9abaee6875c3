using Denoise.Atoms;
using Denoise.Atoms.Symmetry;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// Fills the unit cell of a block by its symmetry. The operations that it lists rule, unless they are only a part of those of the
/// space group that it names, as in files that list the identity alone; then either the sites are complete already, or those of
/// the group are used. Whatever the file says of multiplicities is held against the result.
/// </summary>
/// <param name="path">for messages</param>
/// <param name="block">its name</param>
/// <param name="warn">is told what is odd</param>
internal sealed class CifFilling(string path, string block, Action<string> warn)
{
    private const string Remedy = "export the file with its symmetry operations (_space_group_symop_operation_xyz) or as P 1";

    public UnitCell Fill(Box cell, IReadOnlyList<CifSite> sites, CifSymmetry symmetry)
    {
        IReadOnlyList<SymmetryOperation> listed = symmetry.Listed.Count > 0 ? symmetry.Listed : [SymmetryOperation.Identity];
        bool areSeveral = listed.Count > 1;
        UnitCell asListed = new(cell, sites, listed, path);
        if (symmetry.Name is not { } name)
            return Checked(asListed, areSeveral);

        List<SpaceGroup> fitting = [.. symmetry.Named.Where(group => group.Fits(cell))];
        if (fitting.Count == 0)
        {
            string problem = symmetry.Named.Count == 0 ? "which is not in the table of space groups" : "whose symmetry its cell has not";
            if (symmetry.Listed.Count == 0)
                throw Fault($"has space group {Quote.Short(name)}, {problem}, but lists no symmetry operations; {Remedy}");
            if (!areSeveral)
                Warn($"names the space group {Quote.Short(name)}, {problem}; only the sites listed are atoms");
            return Checked(asListed, areSeveral);
        }

        List<SpaceGroup> larger = [.. fitting.Where(group => group.Operations.Count > listed.Count && Contains(group, listed))];
        if (fitting.Exists(group => group.Operations.Count <= listed.Count) || larger.Count == 0)
            return Checked(asListed, areSeveral);
        if (larger.Exists(group => asListed.IsClosedUnder(group.Operations)))
            return asListed;

        List<(SpaceGroup Group, UnitCell Cell)> filled = [.. larger
            .Select(group => (group, new UnitCell(cell, sites, group.Operations, path)))
            .Where(pair => pair.Item2.WrongMultiplicity() is null && !pair.Item2.IsCrowded())];
        if (filled.Count == 0)
            throw Fault($"names the space group {Quote.Short(name)}, but the sites that it lists are neither all atoms of the cell " +
                $"nor, by distances and multiplicities, one per set of equivalent ones; {Remedy}");
        if (filled.Exists(pair => pair.Group.Origin != filled[0].Group.Origin))
            throw Fault($"has space group {Quote.Short(name)}, which has two customary origins, and does not say which; {Remedy}, " +
                $"or name it '{filled[0].Group.Name} :1' or ':2'");
        if (symmetry.Listed.Count > 0)
            Warn($"lists {listed.Count} of the {filled[0].Group.Operations.Count} symmetry operations of its space group " +
                $"{Quote.Short(name)}; all are used");
        return filled[0].Cell;
    }

    private static bool Contains(SpaceGroup group, IReadOnlyList<SymmetryOperation> operations) =>
        operations.All(operation => group.Operations.Any(operation.IsSame));

    private UnitCell Checked(UnitCell cell, bool areSeveral)
    {
        if (cell.WrongMultiplicity() is not { } site)
            return cell;
        string problem = $"says that its site {Quote.Short(site.Label)} has multiplicity {site.Multiplicity}, " +
            $"but its symmetry operations make {cell.ImagesOf(site)}";
        // Errors in this column are common in files that are complete; where no operations are given it shows that they are missing.
        if (!areSeveral)
            throw Fault($"{problem}; {Remedy}");
        Warn($"{problem}; the operations are believed");
        return cell;
    }

    private void Warn(string sentence) => warn($"{path}: data block {Quote.Short(block)} {sentence}");

    private InputException Fault(string sentence) => new($"{path}: data block {Quote.Short(block)} {sentence}");
}
