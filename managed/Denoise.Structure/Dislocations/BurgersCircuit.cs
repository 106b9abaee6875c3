using Denoise.Atoms;
using Denoise.Structure.References;

namespace Denoise.Structure.Dislocations;

/// <summary>
/// A closed polygon through the crystal around a line: what its steps, mapped to the ideal crystal, fail to close by is the Burgers vector,
/// -Σ ½ (G_k + G_k+1)(r_k+1 - r_k). Its twelve corners are the means of the atoms of a sector, positions and maps, because the sum
/// shows thermal noise of single maps magnified by the radius: in an fcc crystal rattled by 5% of the distance between neighbors, by as
/// much as a Burgers vector of partials.
/// </summary>
internal ref struct BurgersCircuit
{
    private const int Sectors = 12;
    private const double LargestGap = 80 * Math.PI / 180;

    private readonly Span<Corner> _corners;
    private readonly Vec3 _line;
    private readonly Vec3 _x;
    private readonly Vec3 _y;
    private readonly double _radius;
    private readonly double _reach;

    /// <param name="corners">[12] scratch</param>
    /// <param name="line">unit vector</param>
    /// <param name="radius">Å from the line at which atoms count most</param>
    /// <param name="reach">Å from there that they may be away</param>
    public BurgersCircuit(Span<Corner> corners, Vec3 line, double radius, double reach)
    {
        _corners = corners[..Sectors];
        (_line, _radius, _reach) = (line, radius, reach);
        Vec3 axis = Math.Abs(line.X) < 0.6 ? new(1, 0, 0) : new(0, 1, 0), across = Vec3.Cross(line, axis);
        _x = across * (1 / across.Length);
        _y = Vec3.Cross(line, _x);
        _corners.Clear();
    }

    /// <summary>Takes an atom into account.</summary>
    /// <param name="vector">from the line's point, Å</param>
    /// <param name="map">in the frame that is common to all</param>
    public readonly void Add(Vec3 vector, in Matrix3 map)
    {
        double x = Vec3.Dot(vector, _x), y = Vec3.Dot(vector, _y), z = Math.Abs(Vec3.Dot(vector, _line));
        double off = Math.Abs(Math.Sqrt(x * x + y * y) - _radius);
        if (off > _reach || z > 1.5 * _reach)
            return;
        double angle = Math.Atan2(y, x), weight = 1.1 - off / _reach;
        int sector = Math.Min((int)((angle + Math.PI) * (Sectors / (2 * Math.PI))), Sectors - 1);
        Corner corner = _corners[sector];
        _corners[sector] = new(corner.Vector + vector * weight, TensorRow.Add(corner.Map, map, weight), corner.Weight + weight);
    }

    /// <summary>
    /// The Burgers vector in the axes and the unit of the maps; false where the crystal does not reach around the line. Once, at the end.
    /// </summary>
    /// <param name="burgers">receives it</param>
    /// <param name="mean">receives the mean of the maps</param>
    public readonly bool TryClose(out Vec3 burgers, out Matrix3 mean)
    {
        (burgers, mean) = (default, default);
        (int first, int last, int count) = (-1, -1, 0);
        for (int s = 0; s < Sectors; s++)
        {
            if (_corners[s].Weight == 0)
                continue;
            double part = 1 / _corners[s].Weight;
            _corners[s] = new(_corners[s].Vector * part, TensorRow.Add(default, _corners[s].Map, part), 1);
            if (first < 0)
                first = s;
            else if (!Step(_corners[last], _corners[s], 0, ref burgers))
                return false;
            last = s;
            Matrix3 map = _corners[s].Map;
            mean = new(mean.X + map.X, mean.Y + map.Y, mean.Z + map.Z);
            count++;
        }

        double share = 1.0 / Math.Max(1, count);
        mean = new(mean.X * share, mean.Y * share, mean.Z * share);
        return first >= 0 && Step(_corners[last], _corners[first], 2 * Math.PI, ref burgers);
    }

    private readonly double AngleOf(in Corner corner) => Math.Atan2(Vec3.Dot(corner.Vector, _y), Vec3.Dot(corner.Vector, _x));

    private readonly bool Step(in Corner from, in Corner to, double turn, ref Vec3 burgers)
    {
        Vec3 step = to.Vector - from.Vector;
        burgers -= (from.Map.Times(step) + to.Map.Times(step)) * 0.5;
        return AngleOf(to) + turn - AngleOf(from) < LargestGap;
    }

    /// <summary>Of the atoms of a sector the weighted sums, and then the means.</summary>
    internal readonly record struct Corner(Vec3 Vector, Matrix3 Map, double Weight);
}
