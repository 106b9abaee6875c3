using System.Collections.Frozen;

namespace Denoise.Atoms;

/// <summary>The chemical elements: symbol, atomic number Z and mass in g/mol.</summary>
public static class ElementTable
{
    public const int Count = 118;

    // A mass in a file is rounded or an isotope's: how far, relatively, it may lie from an element's;
    // 1.0, the usual mass in reduced units, must not turn out to be hydrogen.
    private const double MassTolerance = 0.005;

    private static readonly string[] Symbols =
    [
        "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca", "Sc",
        "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr", "Nb",
        "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm",
        "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl",
        "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md",
        "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
    ];

    // Standard atomic weights, IUPAC 2021, abridged to five digits; for elements without stable isotopes the mass number of
    // the longest-lived one.
    private static readonly double[] Masses =
    [
        1.008, 4.0026, 6.94, 9.0122, 10.81, 12.011, 14.007, 15.999, 18.998, 20.180, 22.990, 24.305, 26.982, 28.085, 30.974,
        32.06, 35.45, 39.95, 39.098, 40.078, 44.956, 47.867, 50.942, 51.996, 54.938, 55.845, 58.933, 58.693, 63.546, 65.38,
        69.723, 72.630, 74.922, 78.971, 79.904, 83.798, 85.468, 87.62, 88.906, 91.224, 92.906, 95.95, 97, 101.07, 102.91,
        106.42, 107.87, 112.41, 114.82, 118.71, 121.76, 127.60, 126.90, 131.29, 132.91, 137.33, 138.91, 140.12, 140.91, 144.24,
        145, 150.36, 151.96, 157.25, 158.93, 162.50, 164.93, 167.26, 168.93, 173.05, 174.97, 178.49, 180.95, 183.84, 186.21,
        190.23, 192.22, 195.08, 196.97, 200.59, 204.38, 207.2, 208.98, 209, 210, 222, 223, 226, 227, 232.04, 231.04, 238.03,
        237, 244, 243, 247, 247, 251, 252, 257, 258, 259, 262, 267, 268, 269, 270, 269, 277, 281, 282, 285, 286, 290, 290, 293,
        294, 294,
    ];

    private static readonly FrozenDictionary<string, int> Numbers =
        Symbols.Select((symbol, i) => KeyValuePair.Create(symbol, i + 1)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string Symbol(int atomicNumber) => Symbols[atomicNumber - 1];

    /// <summary>Standard atomic weight in g/mol.</summary>
    public static double Mass(int atomicNumber) => Masses[atomicNumber - 1];

    /// <summary>Z of a symbol in any case ("Cu", "cu"); 0 where it is none. D and T are hydrogen.</summary>
    public static int AtomicNumber(string symbol) =>
        Numbers.TryGetValue(symbol, out int z) ? z : symbol is "D" or "T" ? 1 : 0;

    /// <summary>The element whose mass is nearest, if it lies within half a percent; 0 where there is none.</summary>
    public static int AtomicNumberFromMass(double mass)
    {
        int best = 0;
        for (int z = 1; z <= Count; z++)
            if (best == 0 || Math.Abs(Mass(z) - mass) < Math.Abs(Mass(best) - mass))
                best = z;
        return Math.Abs(Mass(best) - mass) <= MassTolerance * mass ? best : 0;
    }

    /// <summary>
    /// The element in a label such as "Cu", "CU1", "O2-", "Fe3+", "Si_pv", "OW" or "Cu/f54ab", in its usual spelling; null
    /// where there is none, as in every word of three letters or more ("copper" is not cobalt).
    /// </summary>
    public static string? SymbolFromLabel(ReadOnlySpan<char> label)
    {
        label = label.Trim();
        int letters = 0;
        while (letters < label.Length && char.IsAsciiLetter(label[letters]))
            letters++;

        if (letters > 2)
            return null;
        for (int length = letters; length > 0; length--)
        {
            int z = AtomicNumber(label[..length].ToString());
            if (z > 0)
                return Symbol(z);
        }

        return null;
    }

    /// <summary>
    /// The element that a word names by its symbol in the usual spelling, digits and a charge behind it left out ("Cu", "O2-", but
    /// neither "CU" nor "ho", which may be anything of a force field); null where there is none.
    /// </summary>
    public static string? ProperSymbol(string word)
    {
        string symbol = word.TrimEnd('+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return AtomicNumber(symbol) is > 0 and int z && Symbol(z) == symbol ? symbol : null;
    }
}
