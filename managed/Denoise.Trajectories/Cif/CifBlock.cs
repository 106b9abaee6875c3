using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// One data block: the tags that say where the atoms are, each with its values, one for a single item, several for a column of a
/// loop. Of all other tags only the grammar is looked at.
/// </summary>
internal sealed class CifBlock(string path, string name)
{
    // Above all structures that anybody keeps in a CIF, and a gigabyte of words.
    private const int MostValues = 8_000_000;

    private static readonly string[] WantedStarts = ["_cell_", "_symmetry_", "_space_group_"];

    private static readonly HashSet<string> WantedSites =
    [
        .. new[]
        {
            "label", "type_symbol", "fract_x", "fract_y", "fract_z", "cartn_x", "cartn_y", "cartn_z", "occupancy", "calc_flag",
            "symmetry_multiplicity", "site_symmetry_multiplicity",
        }.Select(name => $"_atom_site_{name}"),
    ];

    private readonly Dictionary<string, List<CifToken>> _items = [];
    private int _values;

    public string Name { get; } = name;

    /// <summary>All blocks of a file, one after the other.</summary>
    public static IEnumerable<CifBlock> Read(IEnumerable<CifToken> tokens, string path)
    {
        CifBlock block = new(path, "");
        List<List<CifToken>?>? loop = null;
        bool loopHasValues = false;
        int loopColumn = 0;
        CifToken tag = default;
        foreach (CifToken token in tokens)
        {
            if (token.Kind == CifTokenKind.Value)
            {
                if (loop is { Count: > 0 })
                {
                    block.Add(loop[loopColumn], token);
                    loopColumn = (loopColumn + 1) % loop.Count;
                    loopHasValues = true;
                }
                else if (tag.Text is not null)
                {
                    block.Add(block.NewItem(tag.Text), token);
                    tag = default;
                }
                else
                {
                    throw new InputException($"{path}:{token.Line}: {Quote.Of(token.Text)} belongs to no name; is it one value too many?");
                }

                continue;
            }

            if (loopColumn != 0)
                throw new InputException($"{path}:{token.Line}: the loop before this line lacks values: they do not fill its last row");
            if (tag.Text is not null)
                throw new InputException($"{path}:{tag.Line}: {Quote.Short(tag.Text)} has no value");

            if (token.Kind == CifTokenKind.Tag && loop is not null && !loopHasValues)
            {
                loop.Add(block.NewItem(token.Text));
                continue;
            }

            loop = token.Kind == CifTokenKind.Loop ? [] : null;
            loopHasValues = false;
            if (token.Kind == CifTokenKind.Tag)
                tag = token;
            if (token.Kind != CifTokenKind.Block)
                continue;
            yield return block;
            block = new CifBlock(path, token.Text);
        }

        if (loopColumn != 0 || tag.Text is not null)
            throw new InputException($"{path}: the file ends in the middle of data block {Quote.Short(block.Name)}; " +
                "it was cut, complete it");
        yield return block;
    }

    public IReadOnlyList<CifToken> Column(params ReadOnlySpan<string> tags)
    {
        foreach (string tag in tags)
            if (_items.TryGetValue(tag, out List<CifToken>? values))
                return values;
        return [];
    }

    /// <summary>Whether any tag begins so.</summary>
    public bool Has(string start) => _items.Keys.Any(tag => tag.StartsWith(start, StringComparison.Ordinal));

    public string? Text(params ReadOnlySpan<string> tags) => Column(tags) is [CifToken only, ..] ? only.Text : null;

    public double Number(string tag)
    {
        if (Column(tag) is not [CifToken token, ..])
            throw new InputException($"{path}: data block {Quote.Short(Name)} has no {tag}; " +
                "without the whole cell its atoms have no place");
        return Number(token);
    }

    /// <summary>A number, its standard uncertainty in parentheses left out: 1.234(5).</summary>
    public double Number(CifToken token)
    {
        int parenthesis = token.Text.IndexOf('(');
        ReadOnlySpan<char> text = parenthesis < 0 ? token.Text : token.Text.AsSpan(0, parenthesis);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{path}:{token.Line}: {Quote.Of(token.Text)} is not a number");
    }

    /// <summary>Null where nobody asks for its values.</summary>
    private List<CifToken>? NewItem(string tag) =>
        WantedSites.Contains(tag) || WantedStarts.Any(start => tag.StartsWith(start, StringComparison.Ordinal)) ? _items[tag] = [] : null;

    private void Add(List<CifToken>? item, CifToken token)
    {
        if (item is null)
            return;
        if (++_values > MostValues)
            throw new InputException($"{path}:{token.Line}: data block {Quote.Short(Name)} is too long for a CIF; " +
                "write so large a structure as extended XYZ");
        item.Add(token);
    }
}
