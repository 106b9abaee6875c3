using Denoise.Atoms;

namespace Denoise.Trajectories.Cif;

/// <summary>Numbered points of a periodic cell in fractional coordinates, found by their place.</summary>
/// <param name="cell">whose faces may be any distance apart</param>
/// <param name="reach">largest distance, in Å, at which points are to be found</param>
internal sealed class PeriodicPoints(Box cell, double reach)
{
    private const int MostBins = 1024;

    private readonly int _nx = Bins(cell.FaceDistances.X, reach);
    private readonly int _ny = Bins(cell.FaceDistances.Y, reach);
    private readonly int _nz = Bins(cell.FaceDistances.Z, reach);
    private readonly Dictionary<(int, int, int), List<(Vec3 Place, int Number)>> _bins = [];

    /// <summary>Each coordinate from 0 to below 1.</summary>
    public static Vec3 Wrapped(Vec3 f) => new(Wrapped(f.X), Wrapped(f.Y), Wrapped(f.Z));

    /// <summary>Right for distances much below the cell, which is all that is asked here.</summary>
    public static double Distance(Box cell, Vec3 d) =>
        (cell.ToCartesian(new Vec3(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z))) - cell.Origin).Length;

    public void Add(Vec3 place, int number)
    {
        place = Wrapped(place);
        var bin = Bin(place);
        if (!_bins.TryGetValue(bin, out var points))
            _bins[bin] = points = [];
        points.Add((place, number));
    }

    /// <summary>Whether a point that is wanted lies within a distance, in Å, not above the reach.</summary>
    public bool Find(Vec3 place, double distance, Func<int, bool> wanted)
    {
        place = Wrapped(place);
        var (x, y, z) = Bin(place);
        for (int i = _nx > 1 ? -1 : 0; i <= (_nx > 2 ? 1 : 0); i++)
            for (int j = _ny > 1 ? -1 : 0; j <= (_ny > 2 ? 1 : 0); j++)
                for (int k = _nz > 1 ? -1 : 0; k <= (_nz > 2 ? 1 : 0); k++)
                {
                    if (!_bins.TryGetValue(((x + i + _nx) % _nx, (y + j + _ny) % _ny, (z + k + _nz) % _nz), out var points))
                        continue;
                    foreach (var (other, number) in points)
                        if (Distance(cell, place - other) <= distance && wanted(number))
                            return true;
                }

        return false;
    }

    private static int Bins(double width, double reach) => (int)Math.Clamp(width / reach, 1, MostBins);

    private (int, int, int) Bin(Vec3 f) =>
        (Math.Min((int)(f.X * _nx), _nx - 1), Math.Min((int)(f.Y * _ny), _ny - 1), Math.Min((int)(f.Z * _nz), _nz - 1));

    private static double Wrapped(double x)
    {
        x -= Math.Floor(x);
        // -1e-17 plus one is one.
        return x < 1 ? x : 0;
    }
}
