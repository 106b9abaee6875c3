using Denoise.Atoms;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// Decides where the slabs of a cell grid lie. Usually they fill the atoms' bounding box. Where that takes too many cells (a few
/// evaporated atoms far away, droplets in a huge box, coordinates that have blown up), the window is set by where most atoms are,
/// empty slabs are left out, and as the last resort cells become wider: memory stays bounded and so, nearly always, does time.
/// </summary>
internal sealed unsafe class GridLayout : IDisposable
{
    private const int SampleSize = 1024;
    private const int MostSlabs = 1 << 20;

    // Cached: sorting without a comparison allocates one when compiled ahead of time.
    private static readonly Comparison<double> Ascending = static (a, b) => a.CompareTo(b);

    private readonly double[] _sample = new double[SampleSize];

    public GridAxis X { get; } = new();

    public GridAxis Y { get; } = new();

    public GridAxis Z { get; } = new();

    public int CellCount => X.Count * Y.Count * Z.Count;

    /// <summary>Edge of a cell: what lies further than a cell away is at least this far.</summary>
    public double CellSide { get; private set; }

    /// <summary>Middle of the window.</summary>
    public Vec3 Center { get; private set; }

    /// <summary>Half of the window's largest extent: the largest |coordinate - center| of an atom inside.</summary>
    public double Reach { get; private set; }

    /// <summary>Whether every atom lies within the window.</summary>
    public bool HoldsAll { get; private set; }

    public long MemoryBytes => X.MemoryBytes + Y.MemoryBytes + Z.MemoryBytes;

    /// <summary>Chooses the slabs.</summary>
    /// <param name="positions">[count, 3]</param>
    /// <param name="count">number of atoms, at least one</param>
    /// <param name="bounds">their bounding box</param>
    /// <param name="side">least edge of a cell, positive</param>
    /// <param name="mostCells">most cells to use</param>
    public void Choose(double* positions, int count, in Bounds bounds, double side, int mostCells)
    {
        Vec3 extent = bounds.Max - bounds.Min;
        double cells = (Math.Floor(extent.X / side) + 1) * (Math.Floor(extent.Y / side) + 1) * (Math.Floor(extent.Z / side) + 1);
        if (cells <= mostCells)
        {
            Set(bounds.Min, bounds.Max, side);
            HoldsAll = true;
            return;
        }

        var (low, high) = Window(positions, count, bounds, side);
        Vec3 window = high - low;
        side = Math.Max(side, Math.Max(window.X, Math.Max(window.Y, window.Z)) / MostSlabs);
        HoldsAll = false;
        while (true)
        {
            Set(low, high, side);
            X.Shorten(positions, count);
            Y.Shorten(positions + 1, count);
            Z.Shorten(positions + 2, count);
            if ((double)X.Count * Y.Count * Z.Count <= mostCells)
                return;
            side *= 1.5;
        }
    }

    /// <summary>The box that holds the middle nine tenths of the atoms along each direction, widened by half on both sides.</summary>
    public (Vec3 Low, Vec3 High) Window(double* positions, int count, in Bounds bounds, double side)
    {
        var (x0, x1) = Window(positions, count, bounds.Min.X, bounds.Max.X, side);
        var (y0, y1) = Window(positions + 1, count, bounds.Min.Y, bounds.Max.Y, side);
        var (z0, z1) = Window(positions + 2, count, bounds.Min.Z, bounds.Max.Z, side);
        return (new(x0, y0, z0), new(x1, y1, z1));
    }

    public void Dispose()
    {
        X.Dispose();
        Y.Dispose();
        Z.Dispose();
    }

    private (double Low, double High) Window(double* coordinates, int count, double least, double most, double side)
    {
        int taken = Math.Min(count, SampleSize), finite = 0;
        for (int s = 0; s < taken; s++)
        {
            double value = coordinates[3 * ((long)s * count / taken)];
            if (double.IsFinite(value))
                _sample[finite++] = value;
        }

        if (finite == 0)
            return (0, 0);
        _sample.AsSpan(0, finite).Sort(Ascending);
        double low = _sample[finite / 20], high = _sample[finite - 1 - finite / 20], margin = 0.5 * (high - low) + 4 * side;
        return (Math.Max(least, low - margin), Math.Min(most, high + margin));
    }

    private void Set(Vec3 low, Vec3 high, double side)
    {
        CellSide = side;
        Vec3 extent = high - low;
        X.SetUniform(low.X, side, (int)(extent.X / side) + 1);
        Y.SetUniform(low.Y, side, (int)(extent.Y / side) + 1);
        Z.SetUniform(low.Z, side, (int)(extent.Z / side) + 1);
        Center = low + extent * 0.5;
        Reach = 0.5 * Math.Max(extent.X, Math.Max(extent.Y, extent.Z));
    }
}
