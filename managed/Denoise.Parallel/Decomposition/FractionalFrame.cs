using Denoise.Atoms;

namespace Denoise.Parallel.Decomposition;

/// <summary>The box as the decomposition uses it: edges, their inverse, and which repeat. Plain data, so it can be broadcast.</summary>
internal readonly struct FractionalFrame
{
    public readonly Vec3 A, B, C, Origin;
    public readonly Vec3 ReciprocalA, ReciprocalB, ReciprocalC;
    public readonly Vec3 FaceDistances;
    private readonly int _periodic;

    /// <exception cref="InputException">a periodic box without volume</exception>
    public FractionalFrame(Box box)
    {
        if (!(box.Volume > 0 && double.IsFinite(box.Volume)))
        {
            if (box.AnyPeriodic)
                throw new InputException(
                    "the box is periodic but has no volume: its edge vectors must be finite and not lie in one plane.");
            // Open everywhere: any axes do to cut space along.
            box = Box.Orthogonal(1, 1, 1, periodic: false);
        }

        (A, B, C, Origin) = (box.A, box.B, box.C, box.Origin);
        (ReciprocalA, ReciprocalB, ReciprocalC) = box.Reciprocal;
        FaceDistances = box.FaceDistances;
        _periodic = (box.PeriodicA ? 1 : 0) | (box.PeriodicB ? 2 : 0) | (box.PeriodicC ? 4 : 0);
    }

    public bool IsPeriodic(int axis) => (_periodic >> axis & 1) != 0;

    public Vec3 ToFractional(Vec3 r)
    {
        Vec3 d = r - Origin;
        return new(Vec3.Dot(ReciprocalA, d), Vec3.Dot(ReciprocalB, d), Vec3.Dot(ReciprocalC, d));
    }

    /// <summary>Number of whole cells between a position and the box, 0 along open directions.</summary>
    public Vec3 CellsOutside(Vec3 f) =>
        new(IsPeriodic(0) ? Math.Floor(f.X) : 0, IsPeriodic(1) ? Math.Floor(f.Y) : 0, IsPeriodic(2) ? Math.Floor(f.Z) : 0);

    public Vec3 Shift(Vec3 cells) => A * cells.X + B * cells.Y + C * cells.Z;
}
