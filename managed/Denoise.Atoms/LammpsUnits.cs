namespace Denoise.Atoms;

/// <summary>Lengths and forces of the LAMMPS unit styles (https://docs.lammps.org/units.html).</summary>
public static class LammpsUnits
{
    /// <summary>CODATA 2018 Bohr radius in Å, the length of <c>units electron</c>.</summary>
    public const double BohrRadius = 0.529177210903;

    private const double ElementaryCharge = 1.602176634e-19;
    private const double NewtonInElectronVolt = 1e-10 / ElementaryCharge;

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

    /// <summary>How many eV/Å one unit of force is; null for <c>lj</c>, which has no scale.</summary>
    /// <exception cref="InputException">no such unit style</exception>
    public static double? ElectronVoltPerAngstrom(string style) => style switch
    {
        "metal" => 1,
        // kcal/mol of 4184 J, by the exact constants of the SI
        "real" => 4184 / (6.02214076e23 * ElementaryCharge),
        "electron" => 27.211386245988 / BohrRadius,
        "si" => NewtonInElectronVolt,
        "cgs" => 1e-5 * NewtonInElectronVolt,
        // pg um / us^2, ag nm / ns^2
        "micro" => 1e-9 * NewtonInElectronVolt,
        "nano" => 1e-12 * NewtonInElectronVolt,
        "lj" => null,
        _ => throw new InputException(
            $"unknown LAMMPS unit style {Quote.Of(style)}; known are {string.Join(", ", Styles)}"),
    };
}
