using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Which species of the network each atom of a frame is, by chemical symbol. Type numbers may mean other elements in the next
/// frame or file: then there is another table, and another session is to be made.
/// </summary>
internal sealed class SpeciesAssignment
{
    private const int NotSeen = -1;
    private const int Unknown = int.MinValue;

    private readonly IModel? _model;
    private readonly IReadOnlyList<string> _given;
    private readonly List<int> _speciesOfType = [];

    // Symbols of the network's species in order; null until they are known.
    private IReadOnlyList<string>? _symbols;

    private int[] _table = [];

    /// <param name="model">null: nothing is denoised, and all atoms are alike</param>
    /// <param name="given">symbol of type t at [t - 1], goes before what a file says; empty: not given</param>
    /// <exception cref="InputException">the given symbols do not name the species of a network that does not name them itself</exception>
    public SpeciesAssignment(IModel? model, IReadOnlyList<string> given)
    {
        (_model, _given) = (model, given);
        if (model is { SpeciesCount: > 1, Species.Count: > 0 })
            _symbols = model.Species;
        else if (given.Count > 0 && !AreRoles)
            _symbols = OrderedByAtomicNumber(given, "--elements");
    }

    private int SpeciesCount => _model?.SpeciesCount ?? 1;

    private bool AreRoles => _model is { SpeciesAreRoles: true };

    /// <summary>
    /// The species of type t at [t - 1], -1 where it is not seen; the table of the frame before as long as that is right. Empty: every
    /// type is species 0.
    /// </summary>
    /// <param name="file">for messages</param>
    /// <exception cref="InputException">the element of an atom is unknown, or none of the network's</exception>
    public int[] Assign(Frame frame, string file)
    {
        _speciesOfType.Clear();
        bool isNeeded = SpeciesCount > 1 || _given.Count > 0 || frame.Elements.Contains(SpeciesWords.NotSeen);
        for (long i = 0; i < frame.Count; i++)
        {
            int type = frame.Types[i];
            if (type < 1)
                throw new InputException($"{file}: atom {frame.Ids[i]} has type {type}; types start at 1.");
            if (!isNeeded)
                continue;
            while (_speciesOfType.Count < type)
                _speciesOfType.Add(Unknown);
            if (_speciesOfType[type - 1] == Unknown)
                _speciesOfType[type - 1] = Species(type, frame, file);
        }

        for (int t = 0; t < _speciesOfType.Count; t++)
            if (_speciesOfType[t] != Unknown && (t >= _table.Length || _table[t] != _speciesOfType[t]))
                return _table = Merged();
        return _table;
    }

    /// <summary>What this frame says, and of other types what those before said.</summary>
    private int[] Merged()
    {
        List<int> merged = [];
        for (int t = 0; t < Math.Max(_table.Length, _speciesOfType.Count); t++)
            merged.Add(t < _speciesOfType.Count && _speciesOfType[t] != Unknown ? _speciesOfType[t] : t < _table.Length ? _table[t] : 0);
        // A session wants one type to be seen, be there atoms of it or not.
        if (merged.All(species => species == NotSeen))
            merged.Add(0);
        return [.. merged];
    }

    private int Species(int type, Frame frame, string file)
    {
        if (_given.Count > 0 && type > _given.Count)
            throw new InputException(
                $"--elements: names {_given.Count} elements, but {file} has atoms of type {type}; " +
                $"give one per type ({SpeciesWords.NotSeen}: not seen).");
        string? name = NameOf(type, frame);
        if (name == SpeciesWords.NotSeen)
            return NotSeen;
        // A network of one species sees no chemistry: any element is that species.
        if (SpeciesCount == 1)
            return 0;
        if (AreRoles)
            return Role(type, frame, file);
        if (name is null || ElementTable.SymbolFromLabel(name) is not { } symbol)
            throw new InputException(
                $"{file}: does not say which element atom type {type} is{(name is null ? "" : $" ('{name}' is none)")}, and the model " +
                $"distinguishes {SpeciesCount} species{Names()}: add --elements with one symbol per atom type.");

        _symbols ??= OrderedByAtomicNumber(frame.Elements.OfType<string>(), file);
        for (int s = 0; s < _symbols!.Count; s++)
            if (_symbols[s] == symbol)
                return s;
        throw new InputException(
            $"{file}: atoms of type {type} are {symbol}, which is no species of this model{Names()}; name its elements, " +
            $"or {SpeciesWords.NotSeen} for types that it shall not see, with --elements.");
    }

    /// <summary>
    /// Kinds of atoms in the order of their types; where nothing says what they are, every type is one. Types that do not occur count, so
    /// that parts of a frame agree.
    /// </summary>
    private int Role(int type, Frame frame, string file)
    {
        string KindOf(int t) => NameOf(t, frame) ?? $"type {t}";
        string[] kinds = [.. Enumerable.Range(1, type).Select(KindOf).Where(kind => kind != SpeciesWords.NotSeen).Distinct()];
        int role = Array.IndexOf(kinds, KindOf(type));
        return role < SpeciesCount
            ? role
            : throw new InputException($"{file}: has atoms of {kinds.Length} kinds or more ({string.Join(", ", kinds)}), and this model " +
                $"tells {SpeciesCount} apart; say with --elements which are one (by one symbol) or not to be seen ({SpeciesWords.NotSeen}).");
    }

    private string? NameOf(int type, Frame frame) => _given.Count > 0 ? _given[type - 1] : frame.ElementOf(type);

    /// <summary>Networks that do not name their species have them in the order of atomic number.</summary>
    private string[]? OrderedByAtomicNumber(IEnumerable<string> names, string source)
    {
        if (SpeciesCount == 1)
            return null;
        string[] symbols = [.. names.Where(name => name != SpeciesWords.NotSeen)
            .Select(name => ElementTable.SymbolFromLabel(name) ?? name).Distinct().OrderBy(ElementTable.AtomicNumber)];
        return symbols.Length == SpeciesCount
            ? symbols
            : throw new InputException(
                $"{source}: has the elements {string.Join(", ", symbols)}, but the model distinguishes {SpeciesCount} species and " +
                $"does not name them: give {SpeciesCount} symbols with --elements; they are matched in the order of atomic number.");
    }

    private string Names() => _symbols is null ? "" : $" ({string.Join(", ", _symbols)})";
}
