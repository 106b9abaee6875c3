using System.Collections;
using Denoise.Atoms;

namespace Denoise.Networks.Equivariance;

/// <summary>
/// A direct sum of irreps: the layout of a feature vector. Blocks are kept as written (<c>8x0e+8x0e</c> stays two blocks),
/// because weights of e3nn networks are laid out block by block.
/// </summary>
public sealed class Irreps : IReadOnlyList<IrrepBlock>, IEquatable<Irreps>
{
    private readonly IrrepBlock[] _blocks;

    public Irreps(IEnumerable<(int Multiplicity, Irrep Irrep)> terms)
    {
        var blocks = new List<IrrepBlock>();
        foreach ((int multiplicity, Irrep irrep) in terms)
        {
            blocks.Add(new(multiplicity, irrep, Dimension));
            Dimension = blocks[^1].End;
        }

        _blocks = [.. blocks];
    }

    /// <summary>Components of a feature vector.</summary>
    public int Dimension { get; }

    /// <summary>Sum of the multiplicities.</summary>
    public int ChannelCount => _blocks.Sum(block => block.Multiplicity);

    /// <summary>Largest degree, -1 for an empty list.</summary>
    public int LMax => _blocks.Length == 0 ? -1 : _blocks.Max(block => block.L);

    public int Count => _blocks.Length;

    public IrrepBlock this[int index] => _blocks[index];

    public bool Contains(Irrep irrep) => _blocks.Any(block => block.Irrep == irrep);

    /// <summary>Neighboring blocks of one irrep merged, empty ones dropped; the order stays.</summary>
    public Irreps Merged()
    {
        var terms = new List<(int Multiplicity, Irrep Irrep)>();
        foreach (IrrepBlock block in _blocks)
        {
            if (terms.Count > 0 && terms[^1].Irrep == block.Irrep)
                terms[^1] = (terms[^1].Multiplicity + block.Multiplicity, block.Irrep);
            else if (block.Multiplicity > 0)
                terms.Add((block.Multiplicity, block.Irrep));
        }

        return new(terms);
    }

    /// <summary>
    /// Blocks in e3nn's order of irreps, equal ones as they came; <c>Position[i]</c> is where block i went.
    /// </summary>
    public (Irreps Sorted, int[] Position) Sort()
    {
        int[] order = [.. Enumerable.Range(0, Count).OrderBy(i => _blocks[i].Irrep)];
        int[] position = new int[Count];
        for (int k = 0; k < Count; k++)
            position[order[k]] = k;
        return (new(order.Select(i => (_blocks[i].Multiplicity, _blocks[i].Irrep))), position);
    }

    /// <summary>Reads e3nn's notation, e.g. <c>8x0e + 8x1o + 2e</c>; an <see cref="InputException"/> says what is wrong.</summary>
    public static Irreps Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new([]);
        return new(text.Split('+').Select(term =>
        {
            string[] parts = term.Split('x');
            if (parts.Length == 1)
                return (1, Irrep.Parse(parts[0], text));
            if (parts.Length != 2 || !int.TryParse(parts[0], out int multiplicity) || multiplicity is < 0 or > 65536)
                throw new InputException($"{Quote.Of(text)} are not irreps: {Quote.Of(term.Trim())} should look like 8x0e.");
            return (multiplicity, Irrep.Parse(parts[1], text));
        }));
    }

    public override string ToString() => string.Join('+', _blocks);

    public bool Equals(Irreps? other) => other is not null && _blocks.AsSpan().SequenceEqual(other._blocks);

    public override bool Equals(object? obj) => Equals(obj as Irreps);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public IEnumerator<IrrepBlock> GetEnumerator() => ((IEnumerable<IrrepBlock>)_blocks).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
