using Denoise.Atoms;
using static Denoise.Training.Structures.PrototypeCells;

namespace Denoise.Training.Structures;

/// <summary>
/// Compounds by the sublattices of their kinds of atoms, whatever these are; as in the encyclopedia of crystallographic prototypes
/// (Mehl et al., Comput. Mater. Sci. 136, S1, 2017), with ideal ratios where real crystals are near to them.
/// </summary>
internal static class CompoundPrototypes
{
    // Space groups by Hall symbol.
    private const string Pm3m = "-P 4 2 3";
    private const string Fm3m = "-F 4 2 3";
    private const string F43m = "F -4 2 3";
    private const string P63mmc = "-P 6c 2c";

    private const double Third = 1.0 / 3;

    // c/a of close-packed spheres: sqrt(8/3) for a stack of two layers.
    private static readonly double CloseLayers = Math.Sqrt(8.0 / 3);

    public static IReadOnlyList<Prototype> All { get; } =
    [
        Create("B1", "rock salt (NaCl), Fm-3m 4a 4b", Fm3m, Cubic, [new(0, 0, 0)], [new(0.5, 0.5, 0.5)]),
        Create("B2", "CsCl, Pm-3m 1a 1b", Pm3m, Cubic, [new(0, 0, 0)], [new(0.5, 0.5, 0.5)]),
        Create("B3", "zincblende (ZnS), F-43m 4a 4c", F43m, Cubic, [new(0, 0, 0)], [new(0.25, 0.25, 0.25)]),
        Create("B4", "wurtzite (ZnS), P6_3mc 2b 2b, ideal c/a and u", "P 6c -2c", Hexagonal(CloseLayers),
            [new(Third, 2 * Third, 0)], [new(Third, 2 * Third, 0.375)]),
        Create("L1_2", "Cu3Au, Pm-3m 1a 3c", Pm3m, Cubic, [new(0, 0, 0)], [new(0, 0.5, 0.5)]),
        Create("L1_0", "CuAu, P4/mmm 1a 1d in the cell of fcc, ideal c/a", "-P 4 2", Tetragonal(1),
            [new(0, 0, 0), new(0.5, 0.5, 0)], [new(0, 0.5, 0.5)]),
        Create("D0_3", "Fe3Al, Fm-3m 4a 4b 8c", Fm3m, Cubic, [new(0, 0, 0)], [new(0.5, 0.5, 0.5), new(0.25, 0.25, 0.25)]),
        Create("L2_1", "Heusler (Cu2MnAl), Fm-3m 4a 4b 8c", Fm3m, Cubic,
            [new(0, 0, 0)], [new(0.5, 0.5, 0.5)], [new(0.25, 0.25, 0.25)]),
        Create("D0_19", "Ni3Sn, P6_3/mmc 2c 6h, ideal c/a", P63mmc, Hexagonal(CloseLayers / 2),
            [new(Third, 2 * Third, 0.25)], [new(5 * Third / 2, 5 * Third, 0.25)]),
        Create("NiAs", "B8_1, P6_3/mmc 2a 2c, c/a 1.39", P63mmc, Hexagonal(1.391), [new(0, 0, 0)], [new(Third, 2 * Third, 0.25)]),
        Create("fluorite", "C1 (CaF2), Fm-3m 4a 8c", Fm3m, Cubic, [new(0, 0, 0)], [new(0.25, 0.25, 0.25)]),
        Create("rutile", "C4 (TiO2), P4_2/mnm 2a 4f", "-P 4n 2n", Tetragonal(0.6441), [new(0, 0, 0)], [new(0.3049, 0.3049, 0)]),
        Create("perovskite", "E2_1 (CaTiO3, cubic), Pm-3m 1a 1b 3c", Pm3m, Cubic,
            [new(0, 0, 0)], [new(0.5, 0.5, 0.5)], [new(0, 0.5, 0.5)]),
        Create("Cr3Si", "A15, Pm-3n 2a 6c", "-P 4n 2 3", Cubic, [new(0, 0, 0)], [new(0.25, 0, 0.5)]),
        Create("C14", "hexagonal Laves phase (MgZn2), P6_3/mmc 2a 4f 6h, ideal c/a", P63mmc, Hexagonal(CloseLayers),
            [new(Third, 2 * Third, 0.0625)], [new(0, 0, 0), new(5 * Third / 2, 5 * Third, 0.25)]),
        Create("C15", "cubic Laves phase (MgCu2), Fd-3m 8a 16d", "-F 4vw 2vw 3", Cubic,
            [new(0.125, 0.125, 0.125)], [new(0.5, 0.5, 0.5)]),
    ];

    /// <param name="name">Strukturbericht symbol or mineral</param>
    /// <param name="description">what it is</param>
    /// <param name="hall">of the space group</param>
    /// <param name="cell">edge vectors</param>
    /// <param name="sublattices">of every role one site per orbit</param>
    private static Prototype Create(string name, string description, string hall, (Vec3, Vec3, Vec3) cell, params Vec3[][] sublattices)
    {
        (Vec3 Site, int Role)[] sites =
        [
            .. sublattices.SelectMany((orbits, role) => orbits.SelectMany(site => Orbit(hall, site)).Select(site => (site, role))),
        ];
        return new(name, description, cell, [.. sites.Select(site => site.Site)]) { Roles = [.. sites.Select(site => site.Role)] };
    }
}
