using Denoise.Atoms;

namespace Denoise.Training.Structures.Ice;

/// <summary>The rigid molecule of the TIP4P models: O-H 0.9572 Å, H-O-H 104.52 degrees.</summary>
internal static class WaterMolecule
{
    public const double BondLength = 0.9572;

    private static readonly double Along = BondLength * Math.Cos(0.5 * Math.PI * 104.52 / 180);
    private static readonly double Across = BondLength * Math.Sin(0.5 * Math.PI * 104.52 / 180);

    /// <summary>Where the hydrogens are, seen from the oxygen, if their bonds point as nearly along two directions as they can.</summary>
    public static (Vec3 First, Vec3 Second) Point(Vec3 one, Vec3 other)
    {
        (one, other) = (one * (1 / one.Length), other * (1 / other.Length));
        Vec3 middle = one + other, side = one - other;
        (middle, side) = (middle * (Along / middle.Length), side * (Across / side.Length));
        return (middle + side, middle - side);
    }
}
