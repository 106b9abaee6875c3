using Denoise.Atoms;
using Denoise.Atoms.Symmetry;

namespace Denoise.Trajectories.Cif;

/// <summary>What a block says of its symmetry: operations that it lists, and a space group that it names.</summary>
internal sealed class CifSymmetry
{
    // Of centered magnetic groups; whoever lists more lists no group.
    private const int MostOperations = 1536;

    private static readonly string[] HallTags = ["_space_group_name_hall", "_symmetry_space_group_name_hall"];

    private static readonly string[] NameTags =
    [
        "_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m", "_space_group_name_h-m_full", "_symmetry_space_group_name_h-m_full",
        "_space_group_name_h-m_ref", "_symmetry_space_group_name_h-m_alt",
    ];

    private static readonly string[] NumberTags =
        ["_space_group_it_number", "_symmetry_int_tables_number", "_space_group_int_tables_number"];

    private CifSymmetry(IReadOnlyList<SymmetryOperation> listed, string? name, IReadOnlyList<SpaceGroup> named)
    {
        (Listed, Name, Named) = (listed, name, named);
    }

    /// <summary>Empty where the block lists none.</summary>
    public IReadOnlyList<SymmetryOperation> Listed { get; }

    /// <summary>The group as the block calls it; null: it does not, or calls it P 1.</summary>
    public string? Name { get; }

    /// <summary>The settings that the name may mean; empty where it is not known.</summary>
    public IReadOnlyList<SpaceGroup> Named { get; }

    /// <exception cref="InputException">operations that are none, or of a modulated or magnetic structure that cannot be filled</exception>
    public static CifSymmetry Read(CifBlock block, string path)
    {
        if (block.Has("_space_group_ssg_") || block.Has("_space_group_symop_ssg_") || block.Has("_space_group_symop_magn_ssg_") ||
            block.Has("_space_group_magn_ssg_"))
            throw new InputException($"{path}: data block {Quote.Short(block.Name)} is a modulated structure, of which one cell does not " +
                "say where the atoms are; export a supercell of it");

        var magnetic = Operations(block, path, true, "_space_group_symop_magn_operation_xyz");
        if (magnetic.Count > 0)
        {
            // The centering translations of the magnetic cell stand apart.
            var centerings = Operations(block, path, true, "_space_group_symop_magn_centering_xyz");
            List<SymmetryOperation> all = [.. magnetic];
            foreach (SymmetryOperation centering in centerings)
                foreach (SymmetryOperation operation in magnetic)
                    if (all.Count <= MostOperations && !all.Exists((centering * operation).IsSame))
                        all.Add(centering * operation);
            return new(Limited(all, path), null, []);
        }

        var listed = Operations(block, path, false, "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz");
        if (listed.Count == 0 && block.Has("_space_group_magn_"))
            throw new InputException($"{path}: data block {Quote.Short(block.Name)} names a magnetic group but lists no operations; " +
                "export it with them (_space_group_symop_magn_operation.xyz)");

        string? hall = Known(block, HallTags), number = Known(block, NumberTags);
        string[] names = [.. NameTags.Select(tag => Known(block, tag)).OfType<string>()];
        string? name = names.FirstOrDefault() ?? hall ?? number;
        bool isP1 = names.Length > 0 ? IsP1(names[0]) : hall is not null ? IsP1(hall) : number is null or "1";
        return isP1 ? new(listed, null, []) : new(listed, name, Candidates(hall, names, number));
    }

    private static IReadOnlyList<SpaceGroup> Candidates(string? hall, string[] names, string? number)
    {
        // P 1 is what some programs leave standing in the Hall symbol when they write others.
        if (hall is not null && !IsP1(hall) && SpaceGroup.FromHall(hall) is { } exact)
            return [exact];
        foreach (string name in names)
            if (SpaceGroup.Named(name) is { Count: > 0 } found)
                return found;
        return number is null ? [] : SpaceGroup.Numbered(number);
    }

    private static bool IsP1(string name) => name.Replace(" ", "").Equals("P1", StringComparison.OrdinalIgnoreCase);

    private static string? Known(CifBlock block, params ReadOnlySpan<string> tags)
    {
        foreach (string tag in tags)
            if (block.Text(tag)?.Trim() is { Length: > 0 } text && text is not ("?" or "."))
                return text;
        return null;
    }

    private static IReadOnlyList<SymmetryOperation> Operations(
        CifBlock block, string path, bool isMagnetic, params ReadOnlySpan<string> tags)
    {
        IReadOnlyList<CifToken> texts = block.Column(tags);
        if (texts is [{ Text: "?" or "." }])
            return [];
        return Limited([.. texts.Take(MostOperations + 1).Select(token => SymmetryOperation.Parse(token.Text, isMagnetic)
            ?? throw new InputException(
                $"{path}:{token.Line}: {Quote.Of(token.Text)} is no symmetry operation such as " +
                $"'x,-y,z+1/2{(isMagnetic ? ",+1" : "")}'"))], path);
    }

    private static List<SymmetryOperation> Limited(List<SymmetryOperation> operations, string path) => operations.Count <= MostOperations
        ? operations
        : throw new InputException($"{path}: more than {MostOperations} symmetry operations are listed; no space group has so many");
}
