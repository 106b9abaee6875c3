using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// One data block: each tag with its values, one for a single item, several for a column of a loop.
/// </summary>
internal sealed class CifBlock(string path, string name)
{
    private readonly Dictionary<string, List<CifToken>> _items = [];

    public string Name { get; } = name;

    /// <summary>All blocks of a file, one after the other.</summary>
    public static IEnumerable<CifBlock> Read(IEnumerable<CifToken> tokens, string path)
    {
        CifBlock block = new(path, "");
        List<List<CifToken>>? loop = null;
        bool loopHasValues = false;
        int loopColumn = 0;
        CifToken tag = default;
        foreach (CifToken token in tokens)
        {
            if (token.Kind == CifTokenKind.Value)
            {
                if (loop is { Count: > 0 })
                {
                    loop[loopColumn].Add(token);
                    loopColumn = (loopColumn + 1) % loop.Count;
                    loopHasValues = true;
                }
                else if (tag.Text is not null)
                {
                    block._items[tag.Text] = [token];
                    tag = default;
                }
                else
                {
                    throw new InputException($"{path}:{token.Line}: '{token.Text}' belongs to no name; is it one value too many?");
                }

                continue;
            }

            if (loopColumn != 0)
                throw new InputException($"{path}:{token.Line}: the loop before this line lacks values: they do not fill its last row");
            if (tag.Text is not null)
                throw new InputException($"{path}:{tag.Line}: {tag.Text} has no value");

            if (token.Kind == CifTokenKind.Tag && loop is not null && !loopHasValues)
            {
                block._items[token.Text] = [];
                loop.Add(block._items[token.Text]);
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
            throw new InputException($"{path}: the file ends in the middle of data block {block.Name}; it was cut, complete it");
        yield return block;
    }

    public IReadOnlyList<CifToken> Column(params ReadOnlySpan<string> tags)
    {
        foreach (string tag in tags)
            if (_items.TryGetValue(tag, out List<CifToken>? values))
                return values;
        return [];
    }

    public string? Text(params ReadOnlySpan<string> tags) => Column(tags) is [CifToken only, ..] ? only.Text : null;

    public double Number(string tag)
    {
        if (Column(tag) is not [CifToken token, ..])
            throw new InputException($"{path}: data block {Name} has no {tag}; without the whole cell its atoms have no place");
        return Number(token);
    }

    /// <summary>A number, its standard uncertainty in parentheses left out: 1.234(5).</summary>
    public double Number(CifToken token)
    {
        int parenthesis = token.Text.IndexOf('(');
        ReadOnlySpan<char> text = parenthesis < 0 ? token.Text : token.Text.AsSpan(0, parenthesis);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new InputException($"{path}:{token.Line}: '{token.Text}' is not a number");
    }
}
