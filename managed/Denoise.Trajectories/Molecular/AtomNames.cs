using Denoise.Atoms;

namespace Denoise.Trajectories.Molecular;

/// <summary>Which element an atom is by its name in a molecule, as force fields have them: OW, HW1, CA, CL.</summary>
internal static class AtomNames
{
    // No name of an atom in organic molecules begins like these.
    private static readonly string[] Unambiguous =
        ["Al", "Ar", "Br", "Cl", "Cu", "Fe", "Kr", "Li", "Mg", "Mn", "Ni", "Si", "Ti", "Xe", "Zn", "Zr"];

    private static readonly string[] Common = ["H", "C", "N", "O", "F", "P", "S", "B", "I", "K"];

    /// <summary>
    /// The symbol in its usual spelling; an ion has its residue's name; null for sites without an element, such as MW of four-site water.
    /// </summary>
    /// <param name="name">of the atom, without blanks</param>
    /// <param name="residue">that it belongs to</param>
    public static string? Element(ReadOnlySpan<char> name, ReadOnlySpan<char> residue)
    {
        name = Letters(name);
        if (name.IsEmpty)
            return null;
        string word = name.ToString();
        if (ElementTable.ProperSymbol(word) is { Length: 2 } proper)
            return proper;
        if (name.Equals(Letters(residue), StringComparison.OrdinalIgnoreCase) && ElementTable.AtomicNumber(word) is > 0 and int ion)
            return ElementTable.Symbol(ion);
        foreach (string symbol in Unambiguous)
            if (word.StartsWith(symbol, StringComparison.OrdinalIgnoreCase))
                return symbol;
        return Array.Find(Common, symbol => symbol[0] == char.ToUpperInvariant(word[0]));
    }

    /// <summary>Without digits before, and what follows the first letters.</summary>
    private static ReadOnlySpan<char> Letters(ReadOnlySpan<char> word)
    {
        word = word.Trim().TrimStart("0123456789");
        int count = 0;
        while (count < word.Length && char.IsAsciiLetter(word[count]))
            count++;
        return word[..count];
    }
}
