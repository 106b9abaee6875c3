using Denoise.Atoms;
using static Denoise.Training.Structures.PrototypeCells;

namespace Denoise.Training.Structures;

/// <summary>
/// Prototypes of elements with ideal axial ratios, sites from the International Tables for Crystallography, Vol. A, by space group
/// and Wyckoff position; and of compounds as published.
/// </summary>
public static class PrototypeLibrary
{
    // c/a of close-packed spheres: sqrt(8/3) for a stack of two layers.
    private static readonly double CloseLayers = Math.Sqrt(8.0 / 3);

    private static readonly Prototype[] Known =
    [
        new("fcc", "face-centered cubic, A1 (Cu), Fm-3m 4a", Cubic, [new(0, 0, 0), new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0)]),
        new("bcc", "body-centered cubic, A2 (W), Im-3m 2a", Cubic, [new(0, 0, 0), new(0.5, 0.5, 0.5)]),
        new("hcp", "hexagonal close-packed, A3 (Mg), P6_3/mmc 2c, ideal c/a", Hexagonal(CloseLayers), Stack("AB")),
        new("dhcp", "double hexagonal close-packed, A3' (La), P6_3/mmc 2a 2c, ideal c/a", Hexagonal(2 * CloseLayers), Stack("ABAC")),
        new("sc", "simple cubic, A_h (Po), Pm-3m 1a", Cubic, [new(0, 0, 0)]),
        new("sh", "simple hexagonal, A_f, P6/mmm 1a, c/a = 1", Hexagonal(1), [new(0, 0, 0)]),
        new("omega", "hexagonal omega, C32 (Ti), P6/mmm 1a 2d, c/a = sqrt(3/8)", Hexagonal(Math.Sqrt(0.375)),
            [new(0, 0, 0), new(1.0 / 3, 2.0 / 3, 0.5), new(2.0 / 3, 1.0 / 3, 0.5)]),
        new("diamond", "cubic diamond, A4 (Si), Fd-3m 8a", Cubic,
            [
                new(0, 0, 0), new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0), new(0.25, 0.25, 0.25), new(0.25, 0.75, 0.75),
                new(0.75, 0.25, 0.75), new(0.75, 0.75, 0.25),
            ]),
        new("hexdiamond", "hexagonal diamond (lonsdaleite), P6_3/mmc 4f with z = 1/16, ideal c/a", Hexagonal(CloseLayers),
            [
                new(1.0 / 3, 2.0 / 3, 1.0 / 16), new(2.0 / 3, 1.0 / 3, 9.0 / 16), new(2.0 / 3, 1.0 / 3, -1.0 / 16),
                new(1.0 / 3, 2.0 / 3, 7.0 / 16),
            ]),
        new("a15", "A15 (beta-W), Pm-3n 2a 6c", Cubic,
            [
                new(0, 0, 0), new(0.5, 0.5, 0.5), new(0.25, 0, 0.5), new(0.75, 0, 0.5), new(0.5, 0.25, 0), new(0.5, 0.75, 0),
                new(0, 0.5, 0.25), new(0, 0.5, 0.75),
            ]),
        .. ElementPrototypes.All,
        .. CompoundPrototypes.All,
        .. SilicaPrototypes.All,
        .. Ice.IceStructures.All,
    ];

    public static IReadOnlyList<Prototype> All => Known;

    /// <summary>The prototype of that name.</summary>
    /// <exception cref="InputException">unknown; the known ones are listed</exception>
    public static Prototype Get(string name) =>
        Array.Find(Known, prototype => prototype.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ??
        throw new InputException($"'{name}' is not a known prototype; these are: {string.Join(", ", Known.Select(known => known.Name))}. " +
            "Any other structure can be given as a file.");
}
