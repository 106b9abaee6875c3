using Denoise.Atoms;

namespace Denoise.Networks.Equivariance;

/// <summary>
/// An irreducible representation of O(3): degree l and parity, written as in e3nn: <c>0e</c>, <c>1o</c>, <c>2e</c>.
/// </summary>
/// <param name="L">degree, 0 to <see cref="LMax"/></param>
/// <param name="Parity">+1 even, -1 odd: the sign under inversion</param>
public readonly record struct Irrep(int L, int Parity) : IComparable<Irrep>
{
    /// <summary>The largest degree that the coupling coefficients and harmonics of this library are tested to.</summary>
    public const int LMax = 6;

    public static Irrep Scalar => new(0, 1);

    /// <summary>2l + 1 components, m = -l .. l.</summary>
    public int Dimension => 2 * L + 1;

    /// <summary>Every irrep in the product of two: l from |l1 - l2| to l1 + l2, parities multiplied.</summary>
    public IEnumerable<Irrep> Times(Irrep other)
    {
        for (int l = Math.Abs(L - other.L); l <= L + other.L; l++)
            yield return new(l, Parity * other.Parity);
    }

    /// <summary>Whether <paramref name="result"/> is in the product of this and <paramref name="other"/>.</summary>
    public bool CouplesTo(Irrep other, Irrep result) =>
        result.Parity == Parity * other.Parity && result.L >= Math.Abs(L - other.L) && result.L <= L + other.L;

    /// <summary>e3nn's order: 0e, 0o, 1o, 1e, 2e, 2o, ...; within a degree the parity of its spherical harmonic comes first.</summary>
    public int CompareTo(Irrep other) => Rank.CompareTo(other.Rank);

    private int Rank => 2 * L + (Parity == (L % 2 == 0 ? 1 : -1) ? 0 : 1);

    /// <param name="text">degree and parity, e.g. <c>1o</c></param>
    /// <param name="within">the longer text that it is part of, for the message of an <see cref="InputException"/></param>
    public static Irrep Parse(string text, string? within = null)
    {
        string place = within is null ? "" : $" in {Quote.Of(within)}";
        string name = text.Trim();
        if (name.Length < 2 || !int.TryParse(name[..^1], out int l) || l < 0 || name[^1] is not ('e' or 'o'))
            throw new InputException($"{Quote.Of(text)}{place} is not an irrep: expected a degree and a parity, such as 0e, 1o or 2e.");
        if (l > LMax)
            throw new InputException($"irrep {Quote.Of(name)}{place} has degree {l}; degrees up to {LMax} are supported.");
        return new(l, name[^1] == 'e' ? 1 : -1);
    }

    public override string ToString() => $"{L}{(Parity > 0 ? 'e' : 'o')}";
}
