using System.Numerics;
using Denoise.Atoms;
using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors.Device;

/// <summary>
/// Atoms sorted into cubic cells in a device's memory, by a counting sort; within a cell by their numbers, so that nothing depends on
/// which thread came first. Coordinates become whole numbers of a step of a billionth of the extent: differences are then exact.
/// </summary>
/// <param name="device">borrowed</param>
public sealed class DeviceCells(Denoise.Devices.Device device) : IDisposable
{
    // Steps along the longest edge of the grid: differences fit 32 bits.
    private const double Steps = 1 << 30;

    // Values that one thread adds up.
    private const int Run = 64;

    // Of a squared distance in single precision, from exact differences: four roundings.
    private const double Rounding = 1e-6;

    private readonly Kernel _cells = device.Load("cells");
    private readonly Kernel _sum = device.Load("sum");
    private readonly Kernel _scan = device.Load("scan");
    private readonly Kernel _scatter = device.Load("scatter");
    private readonly Kernel _order = device.Load("order");
    private readonly DeviceMemory<int> _cellOf = new(device);
    private readonly DeviceMemory<int> _atoms = new(device);
    private readonly List<ScanArguments> _levels = [];
    private GridArguments _arguments;

    /// <summary>What kernels must know of the grid.</summary>
    public GridArguments Arguments => _arguments;

    /// <summary>[1 + cells] first places of the cells; behind them what the sort has left.</summary>
    public DeviceMemory<int> Starts { get; } = new(device);

    /// <summary>[atoms] sorted: coordinates in steps, and the atom; the places behind the last finite one are undefined.</summary>
    public DeviceMemory<Vector4> Sites { get; } = new(device);

    public long MemoryBytes => _cellOf.CapacityBytes + _atoms.CapacityBytes + Starts.CapacityBytes + Sites.CapacityBytes;

    /// <summary>A search with all that depends on the grid.</summary>
    /// <param name="radius">Å, at most the width of a cell</param>
    /// <param name="cutoff">Å: what double precision decides by</param>
    public SearchArguments Search(double radius, double cutoff)
    {
        // Each coordinate is cut to a step: a difference of two is off by less than one, a distance by less than two.
        double steps = radius * _arguments.StepsPerLength, less = Math.Max(0, steps - 2), more = steps + 2;
        return new()
        {
            Grid = _arguments,
            CutoffSquared = cutoff * cutoff,
            Inside = (float)(less * less * (1 - Rounding)),
            Outside = (float)(more * more * (1 + Rounding)),
            Band = (float)Math.Min(Rounding + 8 / steps, 1e6),
        };
    }

    /// <summary>Sorts.</summary>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="local">owned atoms, which are the first ones</param>
    /// <param name="bounds">of all coordinates that are numbers; those of infinite ones are cut, and such atoms are in no cell</param>
    /// <param name="width">Å, of a cell at least</param>
    public void Sort(DeviceMemory<double> positions, int local, Bounds bounds, double width)
    {
        int atoms = (int)(positions.Length / 3);
        SetGrid(atoms, local, Finite(bounds.OrZero()), width);
        int cells = _arguments.CountX * _arguments.CountY * _arguments.CountZ;
        SetLevels(cells);
        ScanArguments top = _levels[^1];
        Starts.Resize(top.First + 1L + top.Length);
        Starts.Clear();
        _cellOf.Resize(atoms);
        _atoms.Resize(atoms);
        Sites.Resize(atoms);

        device.Launch(_cells, atoms, _arguments, positions.View, _cellOf.View, Starts.View);
        foreach (ScanArguments level in _levels.SkipLast(1))
            device.Launch(_sum, (level.Length + Run - 1) / Run, level, Starts.View);
        for (int k = _levels.Count - 1; k >= 0; k--)
            device.Launch(_scan, (_levels[k].Length + Run - 1) / Run, _levels[k], Starts.View);
        device.Launch(_scatter, atoms, _arguments, _cellOf.View, Starts.View, _atoms.View);
        device.Launch(_order, cells, _arguments, positions.View, Starts.View, _atoms.View, Sites.View);
    }

    public void Dispose()
    {
        _cellOf.Dispose();
        _atoms.Dispose();
        Starts.Dispose();
        Sites.Dispose();
    }

    private static Bounds Finite(Bounds bounds)
    {
        const double Farthest = 1e300;
        static Vec3 Cut(Vec3 v) => new(
            Math.Clamp(v.X, -Farthest, Farthest), Math.Clamp(v.Y, -Farthest, Farthest), Math.Clamp(v.Z, -Farthest, Farthest));
        return new(Cut(bounds.Min), Cut(bounds.Max));
    }

    private void SetGrid(int atoms, int local, Bounds bounds, double width)
    {
        Vec3 size = bounds.Max - bounds.Min;
        double x = size.X, y = size.Y, z = size.Z;
        double extent = Math.Max(Math.Max(x, y), Math.Max(z, width));
        double perLength = Steps / extent;
        // Not more cells than a few per atom: what is empty costs time too.
        double steps = Math.Max(Math.Ceiling(width * perLength) + 2, Math.Ceiling(Steps / 1024));
        double Cells(double length) => Math.Floor(length * perLength / steps) + 1;
        while (Cells(x) * Cells(y) * Cells(z) > 2.0 * atoms + 1000)
            steps *= 1.25;
        steps = Math.Ceiling(steps);
        _arguments = new()
        {
            OriginX = bounds.Min.X,
            OriginY = bounds.Min.Y,
            OriginZ = bounds.Min.Z,
            StepsPerLength = perLength,
            Atoms = atoms,
            Local = local,
            CellSteps = (int)Math.Min(steps, int.MaxValue / 2),
            CountX = (int)Cells(x),
            CountY = (int)Cells(y),
            CountZ = (int)Cells(z),
        };
    }

    /// <summary>The levels of the running sum: the counts, sums of runs of them, sums of runs of those.</summary>
    private void SetLevels(int cells)
    {
        _levels.Clear();
        int first = 1, length = cells;
        while (true)
        {
            bool isTop = length <= Run;
            int next = first + length + (first == 1 ? 1 : 0);
            _levels.Add(new() { Length = length, Run = Run, First = first, Above = isTop ? -1 : next });
            if (isTop)
                return;
            (first, length) = (next, (length + Run - 1) / Run);
        }
    }
}
