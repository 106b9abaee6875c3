using Denoise.Atoms;

namespace Denoise.Training.Structures.Ice;

/// <summary>
/// A crystal of water molecules, repeated: oxygens that stay, and hydrogens that are drawn anew where they are disordered.
/// </summary>
internal sealed class IceLattice
{
    private readonly Vec3[] _directions;
    private readonly ProtonOrder? _protons;

    /// <param name="cell">what is repeated</param>
    /// <param name="copies">[3] how often along each edge</param>
    public IceLattice(IceCell cell, int[] copies)
    {
        Box box = cell.Box;
        Box = box with { A = box.A * copies[0], B = box.B * copies[1], C = box.C * copies[2] };
        Vec3[] shifts = [.. from a in Enumerable.Range(0, copies[0])
                            from b in Enumerable.Range(0, copies[1])
                            from c in Enumerable.Range(0, copies[2])
                            select new Vec3(a, b, c)];
        Vec3[] sites = [.. cell.Oxygens.Select(box.ToCartesian)];
        Oxygens = [.. shifts.SelectMany(shift => sites.Select(site => site + box.ToCartesian(shift)))];
        _directions = [.. shifts.SelectMany(_ => cell.Directions)];
        if (cell.IsDisordered)
            _protons = new(Oxygens.Length,
                [.. shifts.SelectMany(shift => cell.Bonds.Select(bond => Move(cell, sites, copies, shift, bond)))]);
    }

    public Box Box { get; }

    /// <summary>[molecules] Å</summary>
    public Vec3[] Oxygens { get; }

    /// <summary>[molecules, 2] where the O-H bonds point, of any length; other ones at every call where hydrogens are disordered.</summary>
    public Vec3[] Draw(ref Sampling.RandomStream random) => _protons?.Draw(ref random) ?? _directions;

    /// <summary>All atoms where they belong, molecules being whole: two hydrogens of every molecule, then the oxygens.</summary>
    public void Place(Vec3[] directions, Span<Vec3> positions)
    {
        for (int k = 0; k < Oxygens.Length; k++)
        {
            (Vec3 first, Vec3 second) = WaterMolecule.Point(directions[2 * k], directions[2 * k + 1]);
            (positions[2 * k], positions[2 * k + 1]) = (Oxygens[k] + first, Oxygens[k] + second);
            positions[2 * Oxygens.Length + k] = Oxygens[k];
        }
    }

    private static HydrogenBond Move(IceCell cell, Vec3[] sites, int[] copies, Vec3 shift, HydrogenBond bond)
    {
        // In which cell the other end is.
        Vec3 to = cell.Box.ToFractional(sites[bond.From] + bond.Vector - sites[bond.To]) + shift;
        int Index(double x, double y, double z) =>
            (Wrapped(x, copies[0]) * copies[1] + Wrapped(y, copies[1])) * copies[2] + Wrapped(z, copies[2]);
        return new(
            Index(shift.X, shift.Y, shift.Z) * sites.Length + bond.From, Index(to.X, to.Y, to.Z) * sites.Length + bond.To, bond.Vector);
    }

    private static int Wrapped(double cell, int copies) => (((int)Math.Round(cell) % copies) + copies) % copies;
}
