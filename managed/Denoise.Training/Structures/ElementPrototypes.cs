using Denoise.Atoms;
using static Denoise.Training.Structures.PrototypeCells;

namespace Denoise.Training.Structures;

/// <summary>
/// Elements with free parameters, as measured: axial ratios and coordinates as in the encyclopedia of crystallographic prototypes
/// (Mehl et al., Comput. Mater. Sci. 136, S1, 2017), sites as orbits of their space group.
/// </summary>
internal static class ElementPrototypes
{
    public static IReadOnlyList<Prototype> All { get; } =
    [
        Create("beta-sn", "white tin, A5 (beta-Sn), I4_1/amd 4a", "I 4bw 2bw -1bw", Tetragonal(0.5456), [new(0, 0, 0)]),
        Create("bct-in", "body-centered tetragonal, A6 (In), I4/mmm 2a, c/a 1.52", "-I 4 2", Tetragonal(1.5206), [new(0, 0, 0)])
            with { LargestShear = NearCubic },
        Create("bct-pa", "body-centered tetragonal, A_a (Pa), I4/mmm 2a, c/a 0.82", "-I 4 2", Tetragonal(0.8235), [new(0, 0, 0)])
            with { LargestShear = NearCubic },
        Create("alpha-u", "orthorhombic, A20 (alpha-U), Cmcm 4c", "-C 2c 2", Orthorhombic(2.0633, 1.7338), [new(0, 0.1023, 0.25)]),
        Create("graphite", "graphite, A9 (C), stack AB, P6_3/mmc 2b 2c", "-P 6c 2c", Hexagonal(2.7236),
            [new(0, 0, 0.25), new(Third, 2 * Third, 0.25)]),
        Create("alpha-sm", "stack of nine close-packed layers (alpha-Sm), R-3m 3a 6c", "-R 3 2\"", Hexagonal(7.2505),
            [new(0, 0, 0), new(0, 0, 0.2222)]),
        Create("arsenic", "rhombohedral, A7 (As), R-3m 6c", "-R 3 2\"", Hexagonal(2.7816), [new(0, 0, 0.2275)]),
        Create("beta-mn", "A13 (beta-Mn), P4_1 32 8c 12d", "P 4bd 2ab 3", Cubic,
            [new(0.0636, 0.0636, 0.0636), new(0.125, 0.2022, 0.4522)]),
        Create("sigma", "sigma phase, D8_b (CrFe), P4_2/mnm 2a 4f 8i 8i 8j", "-P 4n 2n", Tetragonal(0.5164),
            [
                new(0, 0, 0), new(0.3984, 0.3984, 0), new(0.4635, 0.1312, 0), new(0.7399, 0.0661, 0), new(0.1827, 0.1827, 0.2518),
            ]),
        Create("alpha-mn", "A12 (alpha-Mn), I-43m 2a 8c 24g 24g", "I -4 2 3", Cubic,
            [new(0, 0, 0), new(0.317, 0.317, 0.317), new(0.357, 0.357, 0.035), new(0.089, 0.089, 0.282)]),
    ];

    private const double Third = 1.0 / 3;

    // In is fcc, and Pa bcc, that is stretched by less than 10 and 20%: strained further they would be these.
    private const double NearCubic = 0.01;

    private static Prototype Create(string name, string description, string hall, (Vec3, Vec3, Vec3) cell, Vec3[] sites) =>
        new(name, description, cell, [.. sites.SelectMany(site => Orbit(hall, site))]);
}
