using Denoise.Atoms;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Clusters;

/// <summary>
/// Which atoms an analysis is of: structure types that the session has found, by their names joined by '+'; types of atoms,
/// <c>type=1+2</c>; or all.
/// </summary>
internal sealed unsafe class AtomChoice : IClusterRule
{
    /// <summary>Its text form.</summary>
    public const string Usage = "STRUCTURE[+...]|type=T[+...]|all";

    private readonly bool[]? _structures;
    private readonly bool[]? _types;
    private readonly Func<int, bool>? _contains;
    private readonly string _analysis;

    /// <param name="contains">of owned atoms: those that another analysis has found</param>
    /// <param name="analysis">for messages</param>
    public AtomChoice(Func<int, bool> contains, string analysis) => (_contains, _analysis) = (contains, analysis);

    /// <param name="arguments">of which the key 'type', or the first word, is taken</param>
    /// <param name="services">know what structures there are</param>
    /// <param name="analysis">for messages</param>
    public AtomChoice(AnalysisArguments arguments, AnalysisServices services, string analysis)
    {
        _analysis = analysis;
        IReadOnlyList<int> types = arguments.Integers("type", [], 1, 1 << 20);
        if (types.Count > 0)
        {
            _types = new bool[types.Max() + 1];
            foreach (int type in types)
                _types[type] = true;
            return;
        }

        string text = arguments.TextOrWord("of") ?? "all";
        if (text == "all")
            return;
        int[] numbers = [.. text.Split('+').Select(word => NumberOf(word, services) ?? throw arguments.Wrong(
            $"'{word}' is no structure; there are all, {string.Join(", ", Known(services).Select(structure => structure.Name))}"))];
        _structures = new bool[numbers.Max() + 1];
        foreach (int number in numbers)
            _structures[number] = true;
    }

    /// <exception cref="InputException">structures are asked for where nobody has found any</exception>
    public void Check(AnalysisContext context)
    {
        // A rank without atoms may have no array.
        if (_structures is not null && context.StructureTypes == null && context.Particles.LocalCount > 0)
        {
            throw new InputException(
                $"{_analysis} of structures needs a structure identification beside it; choose one, or atoms by type=T.");
        }
    }

    /// <summary>Whether an owned atom is chosen; those that are not selected never are.</summary>
    public bool Contains(AnalysisContext context, int atom)
    {
        if (!context.IsSelected(atom))
            return false;
        if (_contains is not null)
            return _contains(atom);
        if (_structures is not null)
            return Has(_structures, context.StructureTypes[atom]);
        return _types is null || Has(_types, context.AtomTypes == null ? 1 : context.AtomTypes[atom]);
    }

    /// <summary>All that are near are.</summary>
    public bool AreBonded(int atom, int neighbor) => true;

    private static IReadOnlyList<NamedStructure> Known(AnalysisServices services) =>
        services.Structures.Count > 0 ? services.Structures : StructureTable.OfCommonNeighbors;

    /// <summary>Before there is a model any word may be one of its classes.</summary>
    private static int? NumberOf(string word, AnalysisServices services) =>
        Known(services).FirstOrDefault(structure => structure.Name == word)?.Number ?? StructureTable.NumberOf(word)
            ?? (services.IsTrial ? 0 : null);

    private static bool Has(bool[] flags, int index) => (uint)index < (uint)flags.Length && flags[index];
}
