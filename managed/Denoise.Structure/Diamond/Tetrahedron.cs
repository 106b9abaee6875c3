using System.Runtime.CompilerServices;
using Denoise.Atoms;

namespace Denoise.Structure.Diamond;

/// <summary>
/// An atom's four nearest neighbors as ranks exchange them: vectors do not depend on periodic images. Thirteen reals and no more.
/// </summary>
internal struct Tetrahedron
{
    public const int Corners = 4;

    /// <summary>Reals.</summary>
    public const int Width = 3 * Corners + 1;

    private Reals _reals;

    /// <summary>Squared distance of the farthest, Å^2; negative where there are no four nearest.</summary>
    private double _reach;

    /// <summary>Whether there are four and no fifth is as far.</summary>
    public readonly bool IsWhole => _reach > 0;

    /// <summary>Squared distance, Å^2, of the farthest of the four, or of those there are.</summary>
    public readonly double ReachSquared => Math.Abs(_reach);

    /// <summary>r_neighbor - r_atom, Å.</summary>
    public readonly Vec3 this[int corner] => new(_reals[3 * corner], _reals[3 * corner + 1], _reals[3 * corner + 2]);

    public void Set(int corner, double x, double y, double z) =>
        (_reals[3 * corner], _reals[3 * corner + 1], _reals[3 * corner + 2]) = (x, y, z);

    public void SetReach(double square, bool isWhole) => _reach = isWhole ? square : -square;

    [InlineArray(3 * Corners)]
    private struct Reals
    {
        private double _first;
    }
}
