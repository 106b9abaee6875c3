using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    private readonly bool _isOrthogonal;

    // Fractions of the target's edges per x, y and z, and the edges: (x, y, z, 0) each; ones where an edge is periodic.
    private readonly Vector256<double> _perX, _perY, _perZ, _a, _b, _c, _periodic;

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
        _isOrthogonal = _target.IsOrthogonal;
        (Vec3 a, Vec3 b, Vec3 c) = _targetRows;
        (_perX, _perY, _perZ) = (Lanes(new(a.X, b.X, c.X)), Lanes(new(a.Y, b.Y, c.Y)), Lanes(new(a.Z, b.Z, c.Z)));
        (_a, _b, _c) = (Lanes(_target.A), Lanes(_target.B), Lanes(_target.C));
        Vec3 whole = new(_target.PeriodicA ? 1 : 0, _target.PeriodicB ? 1 : 0, _target.PeriodicC ? 1 : 0);
        _periodic = Vector256.GreaterThan(Lanes(whole), Vector256<double>.Zero);
    }

    /// <summary>(x, y, z, 0)</summary>
    public static Vector256<double> Lanes(Vec3 vector) => Vector256.Create(vector.X, vector.Y, vector.Z, 0);

    public static Vec3 OfLanes(Vector256<double> lanes) => new(lanes[0], lanes[1], lanes[2]);

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
    public Vec3 Shortest(Vec3 vector) => OfLanes(Shortest(Lanes(vector)));

    /// <summary>The same of (x, y, z, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Shortest(Vector256<double> vector)
    {
        Vector256<double> fraction = _perX * Vector256.Create(vector[0]) + _perY * Vector256.Create(vector[1])
            + _perZ * Vector256.Create(vector[2]);
        Vector256<double> whole = Vector256.Round(fraction) & _periodic;
        vector -= _a * Vector256.Create(whole[0]) + _b * Vector256.Create(whole[1]) + _c * Vector256.Create(whole[2]);
        return _isOrthogonal ? vector : ShortestOfTilted(vector);
    }

    private Vector256<double> ShortestOfTilted(Vector256<double> lanes)
    {
        Vec3 vector = OfLanes(lanes);
        if (Vec3.Dot(vector, vector) <= _innerSquared)
            return lanes;
        Vec3 shortest = vector;
        for (int code = 0; code < 27; code++)
        {
            Vec3 steps = new(code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1);
            Vec3 image = vector + Vector(Whole(steps));
            if (Vec3.Dot(image, image) < Vec3.Dot(shortest, shortest) * (1 - 1e-12))
                shortest = image;
        }

        return Lanes(shortest);
    }

    private static Vec3 Fractional((Vec3 A, Vec3 B, Vec3 C) rows, Vec3 vector) =>
        new(Vec3.Dot(rows.A, vector), Vec3.Dot(rows.B, vector), Vec3.Dot(rows.C, vector));
}
