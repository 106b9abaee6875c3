using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Neighbors;

/// <summary>
/// The distance between atoms where most of them are: (V/N)^(1/3), and where a vacuum or an atom that has flown off makes that much
/// too long, (v/n)^(1/3) of the cell of space that the median atom lies in. The latter is known only roughly, and rounded up to a
/// quarter of an octave, so that neither the order of the atoms nor their periodic images make a difference.
/// </summary>
public sealed unsafe class LocalSpacing : IDisposable
{
    private const int LargestSample = 1 << 15;

    // Atoms of the sample per cell, if they filled the box evenly.
    private const double PerCell = 8;

    private const double StepsPerOctave = 4;

    // Cells hold a few atoms more or fewer in any crystal.
    private const double Clustered = 0.7;

    // A direction that is shorter by this factor is none: the atoms are in a plane or on a line.
    private const double Flat = 1e-6;

    private static readonly Box OpenBox = Box.Orthogonal(1, 1, 1, periodic: false);

    private readonly NativeBuffer<int> _occupancy = new();
    private readonly NativeBuffer<int> _histogram = new();

    private readonly double[] _low = new double[3];
    private readonly double[] _width = new double[3];
    private readonly int[] _cells = new int[3];

    private double* _positions;
    private int _count;
    private int _sample;
    private Box _box = OpenBox;
    private (Vec3 A, Vec3 B, Vec3 C) _rows;

    /// <summary>In the unit of the positions; 0 where all atoms are in one place, or their volume is too small or large for a number.</summary>
    /// <param name="positions">[count, 3]; may lie outside of the box</param>
    /// <param name="count">number of atoms</param>
    /// <param name="box">with volume; open directions are cut to the atoms</param>
    public double Find(double* positions, int count, Box box)
    {
        // Open everywhere: any axes do to cut space along.
        if (!box.AnyPeriodic)
            box = OpenBox;
        _positions = positions;
        (_count, _sample, _box, _rows) = (count, Math.Min(count, LargestSample), box, box.Reciprocal);
        if (count == 0)
            return 0;
        Vec3 faces = box.FaceDistances;
        FindExtent();
        double longest = Math.Max(_width[0] * faces.X, Math.Max(_width[1] * faces.Y, _width[2] * faces.Z)), volume = 1;
        int dimensions = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            if (_width[axis] * faces[axis] > Flat * longest)
                (dimensions, volume) = (dimensions + 1, volume * _width[axis] * faces[axis]);
            else
                _width[axis] = 0;
        }

        // Of a box so small or so large that its volume is no number, no side of a cell could be told.
        double side = Math.Pow(volume * PerCell / _sample, 1.0 / dimensions);
        if (dimensions == 0 || !double.IsNormal(side) || !double.IsNormal(volume))
            return 0;
        double cellVolume = volume / Divide(faces, side);
        double mean = Math.Pow(volume / count, 1.0 / dimensions);
        double spacing = Math.Pow(cellVolume * _sample / ((double)MedianOccupancy() * count), 1.0 / dimensions);
        return spacing > Clustered * mean ? mean : Math.Pow(2, Math.Ceiling(Math.Log2(spacing) * StepsPerOctave) / StepsPerOctave);
    }

    public void Dispose()
    {
        _occupancy.Dispose();
        _histogram.Dispose();
    }

    /// <summary>In fractional coordinates: 0 and 1 where the box is periodic, what the atoms take where it is open.</summary>
    private void FindExtent()
    {
        for (int axis = 0; axis < 3; axis++)
        {
            (_low[axis], _width[axis]) = (0, 1);
            if (_box.IsPeriodic(axis))
                continue;
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int s = 0; s < _sample; s++)
            {
                double f = Fractional(axis, s);
                (least, most) = (f < least ? f : least, f > most ? f : most);
            }

            (_low[axis], _width[axis]) = (least, most > least ? most - least : 0);
        }
    }

    /// <summary>Cells of at least that side, not many more than atoms; returns their number.</summary>
    private long Divide(Vec3 faces, double side)
    {
        for (; ; side *= 1.5)
        {
            double all = 1;
            for (int axis = 0; axis < 3; axis++)
            {
                _cells[axis] = (int)Math.Clamp(Math.Floor(_width[axis] * faces[axis] / side), 1, _sample);
                all *= _cells[axis];
            }

            if (all <= _sample)
                return (long)all;
        }
    }

    /// <summary>Atoms of the sample in the cell of the median atom.</summary>
    private int MedianOccupancy()
    {
        _occupancy.Resize((long)_cells[0] * _cells[1] * _cells[2]);
        _occupancy.Clear();
        for (int s = 0; s < _sample; s++)
        {
            long cell = 0;
            for (int axis = 0; axis < 3; axis++)
            {
                double f = Fractional(axis, s);
                f = _box.IsPeriodic(axis) ? f - Math.Floor(f) : _width[axis] > 0 ? (f - _low[axis]) / _width[axis] : 0;
                // The order of the comparisons sends what is not a number to the first cell.
                int along = f > 0 ? (int)Math.Min(f * _cells[axis], _cells[axis] - 1) : 0;
                cell = cell * _cells[axis] + along;
            }

            _occupancy[cell]++;
        }

        _histogram.Resize(_sample + 1L);
        _histogram.Clear();
        foreach (int atoms in _occupancy.Span)
            _histogram[atoms] += atoms;
        int median = 0;
        for (int below = 0; 2 * below < _sample; below += _histogram[median])
            median++;
        return median;
    }

    private double Fractional(int axis, int s)
    {
        double* r = _positions + 3 * ((long)s * _count / _sample);
        Vec3 row = axis switch { 0 => _rows.A, 1 => _rows.B, _ => _rows.C };
        return Vec3.Dot(row, new Vec3(r[0], r[1], r[2]) - _box.Origin);
    }
}
