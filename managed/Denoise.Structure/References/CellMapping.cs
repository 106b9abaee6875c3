using Denoise.Atoms;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>
/// From the box of a frame to that of a reference: where lengths are compared. Affine: fractional coordinates are kept, so that the
/// homogeneous deformation of the box is not seen; otherwise positions are, and the box that counts is the frame's.
/// </summary>
internal readonly struct CellMapping
{
    /// <summary>Its text form.</summary>
    public const string Usage = "mapping=affine|none";

    private readonly bool _isAffine;
    private readonly Box _frame;
    private readonly (Vec3 A, Vec3 B, Vec3 C) _frameRows;
    private readonly Box _target;
    private readonly (Vec3 A, Vec3 B, Vec3 C) _targetRows;
    private readonly double _innerSquared;

    /// <param name="frame">the box of the frame, Å</param>
    /// <param name="reference">that of the reference</param>
    /// <param name="isAffine">whether the frame is deformed to the reference</param>
    public CellMapping(Box frame, Box reference, bool isAffine)
    {
        (_isAffine, _frame, _frameRows) = (isAffine, frame, frame.Reciprocal);
        (_target, _targetRows) = isAffine ? (reference, reference.Reciprocal) : (frame, _frameRows);
        double inner = double.PositiveInfinity;
        for (int axis = 0; axis < 3; axis++)
            if (_target.IsPeriodic(axis))
                inner = Math.Min(inner, _target.FaceDistances[axis] / 2);
        _innerSquared = inner * inner;
    }

    /// <summary>Whether the mapping is affine; taken from the arguments.</summary>
    public static bool IsAffine(AnalysisArguments arguments) => arguments.Choice("mapping", "none", "affine", "none") == "affine";

    /// <summary>A position of the frame.</summary>
    public Vec3 Position(Vec3 r) => _isAffine ? _target.ToCartesian(Fractional(_frameRows, r - _frame.Origin)) : r;

    /// <summary>A vector of the frame, in fractions of the edges.</summary>
    public Vec3 Fractional(Vec3 vector) => Fractional(_frameRows, vector);

    /// <summary>A vector of the target, in fractions of its edges.</summary>
    public Vec3 TargetFractional(Vec3 vector) => Fractional(_targetRows, vector);

    /// <summary>The vector that has these fractions of the target's edges.</summary>
    public Vec3 Vector(Vec3 fractional) => _target.A * fractional.X + _target.B * fractional.Y + _target.C * fractional.Z;

    /// <summary>Whole numbers of periodic edges, nearest to these fractions.</summary>
    public Vec3 Whole(Vec3 fractional) => new(
        _target.PeriodicA ? Math.Round(fractional.X) : 0,
        _target.PeriodicB ? Math.Round(fractional.Y) : 0,
        _target.PeriodicC ? Math.Round(fractional.Z) : 0);

    /// <summary>The shortest of the images of a vector of the target.</summary>
    public Vec3 Shortest(Vec3 vector)
    {
        vector -= Vector(Whole(TargetFractional(vector)));
        if (_target.IsOrthogonal || Vec3.Dot(vector, vector) <= _innerSquared)
            return vector;
        Vec3 shortest = vector;
        for (int code = 0; code < 27; code++)
        {
            Vec3 steps = new(code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1);
            Vec3 image = vector + Vector(Whole(steps));
            if (Vec3.Dot(image, image) < Vec3.Dot(shortest, shortest) * (1 - 1e-12))
                shortest = image;
        }

        return shortest;
    }

    private static Vec3 Fractional((Vec3 A, Vec3 B, Vec3 C) rows, Vec3 vector) =>
        new(Vec3.Dot(rows.A, vector), Vec3.Dot(rows.B, vector), Vec3.Dot(rows.C, vector));
}
