using Denoise.TestSupport;

namespace Denoise.Atoms.Tests;

public class BoxTests
{
    private static readonly Box Triclinic = new(new(10, 0, 0), new(3, 8, 0), new(-2, 1, 7), new(1, 2, 3), true, true, false);

    [Fact]
    public void Fractional_and_Cartesian_are_inverse()
    {
        Vec3 r = new(4.5, -6.25, 11);
        Vec3 back = Triclinic.ToCartesian(Triclinic.ToFractional(r));
        Tolerance.AssertClose([r.X, r.Y, r.Z], [back.X, back.Y, back.Z], Tolerance.ClosedForm, "round trip");
        Vec3 corner = Triclinic.ToFractional(Triclinic.Origin + Triclinic.A + Triclinic.B + Triclinic.C);
        Tolerance.AssertClose([1, 1, 1], [corner.X, corner.Y, corner.Z], Tolerance.ClosedForm, "far corner");
    }

    [Fact]
    public void Volume_and_face_distances()
    {
        Assert.Equal(560, Triclinic.Volume, 12);
        // The face spanned by A and B lies in the xy plane: its opposite is C's height away.
        Assert.Equal(7, Triclinic.FaceDistances.Z, 12);
        Assert.Equal(new Vec3(3, 4, 5), Box.Orthogonal(3, 4, 5).FaceDistances);
    }
}
