using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Positions that were expected outside of the box, or near its faces, in a file that folds all into the box.
/// </summary>
internal readonly unsafe struct Folding
{
    private readonly Vector256<double> _origin, _r0, _r1, _r2, _diagonal, _low, _high, _a, _b, _c;
    private readonly bool _isOrthogonal;
    private readonly ChunkModel _model;

    public Folding(ChunkModel model)
    {
        _model = model;
        Box box = model.Box;
        var (a, b, c) = box.Reciprocal;
        _origin = Of(box.Origin);
        (_r0, _r1, _r2) = (Of(new(a.X, b.X, c.X)), Of(new(a.Y, b.Y, c.Y)), Of(new(a.Z, b.Z, c.Z)));
        _diagonal = Of(new(a.X, b.Y, c.Z));
        _isOrthogonal = _r0 + _r1 + _r2 == _diagonal;
        (_a, _b, _c) = (Of(box.A), Of(box.B), Of(box.C));
        _low = Of(new(Low(0), Low(1), Low(2)));
        _high = Of(new(High(0), High(1), High(2))).WithElement(3, 1);

        double Low(int k) => model.Folds[k] ? model.Margins[k] : double.NegativeInfinity;
        double High(int k) => model.Folds[k] ? 1 - model.Margins[k] : double.PositiveInfinity;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInside(Vector256<double> p)
    {
        Vector256<double> parts = _isOrthogonal ? (p - _origin) * _diagonal : Parts(p);
        return (Vector256.LessThanOrEqual(_low, parts) & Vector256.LessThan(parts, _high)).ExtractMostSignificantBits() == 0xf;
    }

    public Vector256<double> Edges(int a, int b, int c) =>
        _a * Vector256.Create((double)a) + _b * Vector256.Create((double)b) + _c * Vector256.Create((double)c);

    /// <summary>What to add to what comes back; the choice that is needed is noted.</summary>
    public Vector256<double> Choose(Vector256<double> p, ReadOnlySpan<int> images, int row, List<long> crossings, List<SpecialAtom> specials)
    {
        Vector256<double> parts = Parts(p);
        int before = crossings.Count;
        bool isSpecial = false;
        for (int k = 0; k < 3; k++)
        {
            double times = Times(parts, k);
            bool isNear = IsNear(parts, k, times);
            double crossing = times - images[k];
            isSpecial |= isNear ? Math.Abs(crossing) > 1 : crossing != 0;
            if (isNear)
                crossings.Add((long)crossing);
        }

        if (isSpecial)
        {
            crossings.RemoveRange(before, crossings.Count - before);
            specials.Add(new(row, images[0], images[1], images[2], false, 0, 0, 0));
        }

        return Edges(images[0], images[1], images[2]);
    }

    /// <summary>Forgets the choice made last, for this expected position.</summary>
    public void TakeBack(Vector256<double> p, List<long> crossings)
    {
        Vector256<double> parts = Parts(p);
        for (int k = 0; k < 3; k++)
            if (IsNear(parts, k, Times(parts, k)))
                crossings.RemoveAt(crossings.Count - 1);
    }

    public Vector256<double> Moved(Vector256<double> p, List<long> crossings, ref int next)
    {
        Vector256<double> parts = Parts(p), moved = Vector256<double>.Zero;
        double* times = stackalloc double[3];
        for (int k = 0; k < 3; k++)
        {
            times[k] = Times(parts, k);
            if (!IsNear(parts, k, times[k]))
                continue;
            if (next == crossings.Count)
                throw new DamagedChunkException("it has too few crossings");
            times[k] -= crossings[next++];
        }

        moved = _a * Vector256.Create(times[0]) + _b * Vector256.Create(times[1]) + _c * Vector256.Create(times[2]);
        return moved;
    }

    private static Vector256<double> Of(Vec3 v) => Vector256.Create(v.X, v.Y, v.Z, 0);

    private Vector256<double> Parts(Vector256<double> p)
    {
        Vector256<double> d = p - _origin;
        return _r0 * Vector256.Create(d.GetElement(0)) + _r1 * Vector256.Create(d.GetElement(1)) + _r2 * Vector256.Create(d.GetElement(2));
    }

    private double Times(Vector256<double> parts, int k) => _model.Folds[k] ? Math.Floor(parts.GetElement(k)) : 0;

    private bool IsNear(Vector256<double> parts, int k, double times)
    {
        double part = parts.GetElement(k) - times;
        return _model.Folds[k] && (part < _model.Margins[k] || part >= 1 - _model.Margins[k]);
    }
}
