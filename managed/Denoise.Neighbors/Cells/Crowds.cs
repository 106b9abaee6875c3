using System.Numerics;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors.Cells;

/// <summary>
/// Finds atoms in one place among those of overfull cells, in linear time: searches among the neighbors of an atom are quadratic
/// there. Coordinates are hashed in steps of twice the tolerance, and so many atoms in one place share a step.
/// </summary>
internal sealed unsafe class Crowds : IDisposable
{
    /// <summary>Cells with fewer atoms are searched quickly enough in any case.</summary>
    public const int Size = 512;

    private const int Free = -1;

    private readonly NativeBuffer<int> _table = new();

    public long MemoryBytes => _table.CapacityBytes;

    /// <summary>Two atoms of one place in an overfull cell, or <see cref="AtomPair.None"/>.</summary>
    /// <param name="grid">sorted</param>
    /// <param name="tolerance">Å; atoms closer than that are in one place</param>
    public AtomPair Find(CellGrid grid, double tolerance)
    {
        int* starts = grid.Starts.Pointer;
        for (int cell = 0; cell < grid.Layout.CellCount; cell++)
        {
            if (starts[cell + 1] - starts[cell] <= Size)
                continue;
            AtomPair pair = FindAmong(grid, starts[cell], starts[cell + 1], tolerance);
            if (pair != AtomPair.None)
                return pair;
        }

        return AtomPair.None;
    }

    public void Dispose() => _table.Dispose();

    private AtomPair FindAmong(CellGrid grid, int begin, int end, double tolerance)
    {
        int mask = (int)BitOperations.RoundUpToPowerOf2(2 * (uint)(end - begin)) - 1;
        _table.Resize(mask + 1L);
        _table.Span.Fill(Free);
        double inverse = 1 / (2 * tolerance);
        for (int slot = begin; slot < end; slot++)
        {
            double* row = grid.Rows.Pointer + 4L * slot;
            if (!double.IsFinite(row[0] + row[1] + row[2]))
                continue;
            int place = Hash(row, inverse) & mask;
            // Atoms of one step that are not in one place are few: it is only two tolerances wide.
            for (; _table[place] != Free; place = (place + 1) & mask)
            {
                double distance = Distance(row, grid.Rows.Pointer + 4L * _table[place]);
                if (distance < tolerance)
                    return new(grid.Atoms[_table[place]], grid.Atoms[slot], distance);
            }

            _table[place] = slot;
        }

        return AtomPair.None;
    }

    private static int Hash(double* row, double inverse) =>
        HashCode.Combine(Math.Floor(row[0] * inverse), Math.Floor(row[1] * inverse), Math.Floor(row[2] * inverse));

    private static double Distance(double* a, double* b)
    {
        double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
        return Math.Sqrt(x * x + y * y + z * z);
    }
}
