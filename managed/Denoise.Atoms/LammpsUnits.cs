namespace Denoise.Atoms;

/// <summary>Lengths of the LAMMPS unit styles (https://docs.lammps.org/units.html).</summary>
public static class LammpsUnits
{
    /// <summary>CODATA 2018 Bohr radius in Å, the length of <c>units electron</c>.</summary>
    public const double BohrRadius = 0.529177210903;

    private static readonly string[] Styles = ["lj", "real", "metal", "si", "cgs", "electron", "micro", "nano"];

    /// <summary>Whether this is the name of a unit style.</summary>
    public static bool IsStyle(string text) => Styles.Contains(text);

    /// <summary>How many Å one unit of length is; null for <c>lj</c>, which has no scale.</summary>
    /// <exception cref="InputException">no such unit style</exception>
    public static double? AngstromPerLength(string style) => style switch
    {
        "metal" or "real" => 1,
        "nano" => 10,
        "micro" => 1e4,
        "cgs" => 1e8,
        "si" => 1e10,
        "electron" => BohrRadius,
        "lj" => null,
        _ => throw new InputException(
            $"unknown LAMMPS unit style {Quote.Of(style)}; known are {string.Join(", ", Styles)}"),
    };
}
