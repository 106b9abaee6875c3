using Denoise.Atoms;
using static Denoise.Training.Structures.PrototypeCells;

namespace Denoise.Training.Structures;

/// <summary>
/// Quartz and cristobalite, SiO2, as published. Sites are the orbits of the space groups in the International Tables for
/// Crystallography, Vol. A. Of the chiral ones one hand is enough: true parities make a network treat both alike.
/// </summary>
internal static class SilicaPrototypes
{
    private const double Third = 1.0 / 3;

    public static IReadOnlyList<Prototype> All =>
    [
        Create("alpha-quartz", "SiO2, P3_2 21 (154), 298 K: Levien, Prewitt, Weidner, Am. Mineral. 65, 920 (1980)",
            4.916, Hexagonal(5.4054 / 4.916), Trigonal3a(0.4697), Trigonal6c(0.4135, 0.2669, 0.1191)),
        Create("beta-quartz", "SiO2, C8, P6_2 22 (180), 848 K: Kihara, Eur. J. Mineral. 2, 63 (1990), doi 10.1127/ejm/2/1/0063",
            4.9965, Hexagonal(5.4570 / 4.9965), [new(0.5, 0, 0), new(0, 0.5, 2 * Third), new(0.5, 0.5, Third)], Hexagonal6j(0.2076)),
        Create("alpha-cristobalite", "SiO2, P4_1 2_1 2 (92), 298 K: Downs, Palmer, Am. Mineral. 79, 9 (1994)",
            4.9717, Tetragonal(6.9223 / 4.9717), Tetragonal4a(0.3003), Tetragonal8b(0.2392, 0.1044, 0.1787)),
        // The ideal structure with straight Si-O-Si: what the hot crystal is on average, see models/silica.md.
        Create("beta-cristobalite", "SiO2, C9, Fd-3m (227): Wyckoff, Z. Kristallogr. 62, 189 (1925), doi 10.1524/zkri.1925.62.1.189",
            7.12, Tetragonal(1), FaceCentered([new(0, 0, 0), new(0.25, 0.25, 0.25)]),
            FaceCentered([new(0.125, 0.125, 0.125), new(0.125, 0.375, 0.375), new(0.375, 0.125, 0.375), new(0.375, 0.375, 0.125)])),
    ];

    private static Prototype Create(string name, string description, double a, (Vec3, Vec3, Vec3) cell, Vec3[] silicon, Vec3[] oxygen) =>
        new(name, description, cell, [.. silicon, .. oxygen])
        {
            Elements = [.. silicon.Select(_ => "Si"), .. oxygen.Select(_ => "O")],
            LatticeParameter = a,
        };

    /// <summary>P3_2 21, with the twofold axis of the first site at z = 0.</summary>
    private static Vec3[] Trigonal3a(double x) => [new(x, 0, 0), new(0, x, 2 * Third), new(-x, -x, Third)];

    private static Vec3[] Trigonal6c(double x, double y, double z) =>
    [
        new(x, y, z), new(-y, x - y, z + 2 * Third), new(y - x, -x, z + Third),
        new(x - y, -y, -z), new(y, x, 2 * Third - z), new(-x, y - x, Third - z),
    ];

    private static Vec3[] Hexagonal6j(double x) =>
    [
        new(x, 2 * x, 0.5), new(-2 * x, -x, Third / 2), new(x, -x, 2.5 * Third),
        new(-x, -2 * x, 0.5), new(2 * x, x, Third / 2), new(-x, x, 2.5 * Third),
    ];

    private static Vec3[] Tetragonal4a(double x) =>
        [new(x, x, 0), new(-x, -x, 0.5), new(0.5 - x, 0.5 + x, 0.25), new(0.5 + x, 0.5 - x, 0.75)];

    private static Vec3[] Tetragonal8b(double x, double y, double z) =>
    [
        new(x, y, z), new(-x, -y, z + 0.5), new(0.5 - y, 0.5 + x, z + 0.25), new(0.5 + y, 0.5 - x, z + 0.75),
        new(0.5 - x, 0.5 + y, 0.25 - z), new(0.5 + x, 0.5 - y, 0.75 - z), new(y, x, -z), new(-y, -x, 0.5 - z),
    ];

    private static Vec3[] FaceCentered(Vec3[] sites) =>
        [.. sites.SelectMany(site => new[] { new(0, 0, 0), new Vec3(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0) }
            .Select(shift => site + shift))];
}
