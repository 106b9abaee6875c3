using Denoise.Atoms;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Frames;

/// <summary>From the host's atom types (from 1) to the network's species (from 0), or to "not seen".</summary>
internal sealed class SpeciesMap
{
    public const int NotSeen = -1;

    private const string NotSeenSymbol = "NULL";

    // Species of type t at [t - 1]; null: every type is species 0.
    private readonly int[]? _species;

    public SpeciesMap(SessionOptions options, IModel? model)
    {
        if (options is { Species: not null, Elements: not null })
            throw Wrong("species and elements are both given; one of them says which network species each type is.");
        if (options.Elements is { } kinds && model is { SpeciesAreRoles: true })
            _species = OfRoles(kinds, model.SpeciesCount);
        else if (options.Elements is { } elements)
            _species = [.. elements.Select(symbol => OfElement(symbol, model))];
        else if (options.Species is { } species)
            _species = [.. species.Select((s, t) => OfSpecies(s, t + 1, model))];
        else if (model is { SpeciesAreRoles: true })
            _species = [.. Enumerable.Range(0, model.SpeciesCount)];
        else if (model is { SpeciesCount: > 1 })
            throw Wrong($"this network distinguishes {model.SpeciesCount} species{Names(model)}: " +
                "say with 'elements' (or 'species') which of them each atom type is.");
        HidesSome = _species?.Contains(NotSeen) == true;
        if (HidesSome && _species!.All(s => s == NotSeen))
            throw Wrong($"every atom type is {NotSeenSymbol}, so that no atom would be seen; name the element of one at least.");
    }

    /// <summary>Whether some type is not seen.</summary>
    public bool HidesSome { get; }

    /// <summary>Number of types that may occur; any where it is the largest int.</summary>
    public int TypeCount => _species?.Length ?? int.MaxValue;

    /// <summary>A number that equal maps share; exact in double precision.</summary>
    public double Digest => ModelDigest.Fold(_species is null ? "any" : string.Join(',', _species));

    /// <param name="type">1 to <see cref="TypeCount"/></param>
    public int this[int type] => _species is null ? 0 : _species[type - 1];

    private static int OfElement(string symbol, IModel? model)
    {
        if (symbol == NotSeenSymbol)
            return NotSeen;
        if (ElementTable.SymbolFromLabel(symbol) is null)
            throw NoElement(symbol);
        // A network of one species sees no chemistry: any element is that species.
        if (model is null || model.SpeciesCount == 1)
            return 0;
        if (model.Species.Count == 0)
            throw Wrong($"elements: the checkpoint names no chemical symbols for its {model.SpeciesCount} species; " +
                "give their numbers with 'species', 0 being the lightest.");
        for (int s = 0; s < model.Species.Count; s++)
            if (model.Species[s] == symbol)
                return s;
        throw Wrong($"elements: '{symbol}' is not a species of this network{Names(model)}; " +
            $"write {NotSeenSymbol} for atom types that it shall not see.");
    }

    /// <summary>The kinds in the order in which they come.</summary>
    private static int[] OfRoles(IReadOnlyList<string> symbols, int most)
    {
        string[] kinds = [.. symbols.Where(symbol => symbol != NotSeenSymbol).Distinct()];
        if (Array.Find(kinds, symbol => ElementTable.SymbolFromLabel(symbol) is null) is { } unknown)
            throw NoElement(unknown);
        return kinds.Length <= most
            ? [.. symbols.Select(symbol => Array.IndexOf(kinds, symbol))]
            : throw Wrong($"elements: {kinds.Length} kinds of atoms ({string.Join(", ", kinds)}), and this network tells {most} apart; " +
                $"give those that share a sublattice one symbol, or {NotSeenSymbol} to types that shall not be seen.");
    }

    private static int OfSpecies(int species, int type, IModel? model)
    {
        int count = model?.SpeciesCount ?? int.MaxValue;
        if (species < NotSeen || species >= count)
            throw Wrong($"species: type {type} is given species {species}, but the network knows 0 to {count - 1} " +
                $"({NotSeen}: not seen at all).");
        return species;
    }

    private static SessionException NoElement(string symbol) => Wrong($"elements: '{symbol}' is no chemical element; write symbols such " +
        $"as Cu, or {NotSeenSymbol} for atom types that shall not be seen.");

    private static string Names(IModel model) =>
        model.Species.Count == 0 ? "" : $" ({string.Join(", ", model.Species)})";

    private static SessionException Wrong(string what) => new(SessionError.Argument, what);
}
