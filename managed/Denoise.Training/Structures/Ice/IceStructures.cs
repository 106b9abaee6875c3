using Denoise.Atoms;
using Denoise.Training.Sampling;
using static Denoise.Training.Structures.PrototypeCells;

namespace Denoise.Training.Structures.Ice;

/// <summary>
/// Ices and the hydrate sI without guests. Oxygens are the orbits of the space groups, by Hall symbol; cells as TIP4P/Ice has them near
/// ambient temperature at the pressures where the ices are stable, parameters from crystallography.
/// </summary>
internal static class IceStructures
{
    // Of four oxygens around one, which are within 4% of one distance but for ice II.
    private const double SameShell = 1.12;

    public static IReadOnlyList<Prototype> All { get; } =
    [
        Create("ice-Ih", "hexagonal ice, P6_3/mmc 4f, hydrogens disordered: Peterson, Levy, Acta Cryst. 10, 70 (1957)",
            4.5183, Hexagonal(7.3536 / 4.5183), "-P 6c 2c", [new(1.0 / 3, 2.0 / 3, 0.0625)]),
        Create("ice-Ic", "cubic ice, Fd-3m 8a, hydrogens disordered: Arnold et al., J. Appl. Cryst. 1, 123 (1968)",
            6.3818, Cubic, "-F 4vw 2vw 3", [new(0.125, 0.125, 0.125)]),
        Create("ice-II", "R-3 6f, hydrogens ordered: Kamb, Hamilton, LaPlaca, Prakash, J. Chem. Phys. 55, 1934 (1971)",
            7.78, Rhombohedral(113.1), "-P 3*", [new(0.2716, 0.0259, -0.1471), new(0.4798, 0.7571, 0.3389)],
            hydrogens:
            [
                new(0.7284, 0.4038, 0.4034), new(0.1491, 0.0412, -0.2023), new(0.7420, 0.1978, 0.3708), new(0.4232, 0.1954, -0.0164),
            ]),
        Create("ice-III", "P4_1 2_1 2 4a 8b, hydrogens disordered: Kuhs et al., J. Chem. Phys. 81, 3612 (1984)",
            6.6637, Tetragonal(6.9336 / 6.6637), "P 4abw 2nw", [new(0.3934, 0.3934, 0), new(0.1095, 0.3017, 0.2860)]),
        Create("ice-VI", "P4_2/nmc 2a 8g, two networks, hydrogens disordered: Kuhs et al., J. Chem. Phys. 81, 3612 (1984)",
            6.1811, Tetragonal(5.6981 / 6.1811), "-P 4ac 2a", [new(0.75, 0.25, 0.75), new(0.25, 0.4710, 0.8674)]),
        Create("ice-VII", "Pn-3m 2a, two networks of Ic, hydrogens disordered: Kuhs et al., J. Chem. Phys. 81, 3612 (1984)",
            3.3431, Cubic, "-P 4bc 2bc 3", [new(0.25, 0.25, 0.25)], isBonded: (fromFirst, d) => d.X * d.Y * d.Z > 0 == fromFirst),
        Create("sI", "clathrate hydrate I, Pm-3n 6c 16i 24k, without guests, hydrogens disordered: McMullan, Jeffrey, J. Chem. Phys. 42, "
            + "2725 (1965)", 12.0035, Cubic, "-P 4n 2 3", [new(0.25, 0, 0.5), new(0.1830, 0.1830, 0.1830), new(0, 0.3098, 0.1163)]),
    ];

    /// <summary>Edges of the same length with the same angle (degrees) between any two.</summary>
    private static (Vec3, Vec3, Vec3) Rhombohedral(double angle)
    {
        double cosine = Math.Cos(Math.PI * angle / 180), sine = Math.Sin(Math.PI * angle / 180), x = cosine * (1 - cosine) / sine;
        return (new(1, 0, 0), new(cosine, sine, 0), new(cosine, x, Math.Sqrt(1 - cosine * cosine - x * x)));
    }

    private static Prototype Create(string name, string description, double a, (Vec3 A, Vec3 B, Vec3 C) edges, string hall, Vec3[] sites,
        Vec3[]? hydrogens = null, Func<bool, Vec3, bool>? isBonded = null)
    {
        Box box = new Box(edges.A, edges.B, edges.C, default, true, true, true).Scaled(a);
        Vec3[] oxygens = [.. sites.SelectMany(site => Orbit(hall, site))];
        HydrogenBond[] bonds = hydrogens is null ? Bonds(box, oxygens, isBonded) : [];
        Vec3[] directions = hydrogens is null ? [] : Directions(box, oxygens, [.. hydrogens.SelectMany(site => Orbit(hall, site))]);
        IceCell ice = new(box, oxygens, bonds, directions);
        // One of its arrangements, for whoever takes the prototype as it is.
        IceLattice lattice = new(ice, [1, 1, 1]);
        var random = new RandomStream(seed: 1, purpose: 0, index: 0);
        Vec3[] towards = lattice.Draw(ref random);
        IEnumerable<Vec3> protons = lattice.Oxygens.SelectMany((oxygen, k) =>
        {
            (Vec3 first, Vec3 second) = WaterMolecule.Point(towards[2 * k], towards[2 * k + 1]);
            return new[] { box.ToFractional(oxygen + first), box.ToFractional(oxygen + second) };
        });
        return new(name, description, edges, [.. oxygens, .. protons])
        {
            Elements = [.. oxygens.Select(_ => "O"), .. towards.Select(_ => "H")],
            LatticeParameter = a,
            Ice = ice,
        };
    }

    /// <summary>The four shortest ways from every oxygen to others.</summary>
    private static HydrogenBond[] Bonds(Box box, Vec3[] oxygens, Func<bool, Vec3, bool>? isBonded)
    {
        List<HydrogenBond> bonds = [];
        for (int i = 0; i < oxygens.Length; i++)
        {
            bool isFirst = i == 0;
            foreach ((int j, Vec3 d) in Around(box, oxygens[i], oxygens, SameShell)
                .Where(near => isBonded?.Invoke(isFirst, near.D) ?? true))
                // Once, from its first end; of those between images of one oxygen, from the side that comes first.
                if (i < j || (i == j && (d.X, d.Y, d.Z).CompareTo((0, 0, 0)) > 0))
                    bonds.Add(new(i, j, d));
        }

        return [.. bonds];
    }

    private static Vec3[] Directions(Box box, Vec3[] oxygens, Vec3[] hydrogens) =>
        [.. oxygens.SelectMany(oxygen => Around(box, oxygen, hydrogens, 1.2)
            .OrderBy(near => near.D.Length).Take(2).Select(near => near.D))];

    /// <summary>Sites, from a site on, that are nearly as near as the nearest.</summary>
    private static List<(int Site, Vec3 D)> Around(Box box, Vec3 center, Vec3[] sites, double factor)
    {
        List<(int Site, Vec3 D)> all = [];
        for (int j = 0; j < sites.Length; j++)
            for (int n = 0; n < 125; n++)
            {
                Vec3 d = box.ToCartesian(sites[j] - center + new Vec3(n / 25 - 2, n / 5 % 5 - 2, n % 5 - 2));
                if (d.Length > 1e-6)
                    all.Add((j, d));
            }

        double nearest = all.Min(near => near.D.Length);
        return [.. all.Where(near => near.D.Length < factor * nearest)];
    }
}
