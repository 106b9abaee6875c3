using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;
using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// The atoms of a frame that the network sees, in Å: owned ones first, then their ghosts, which are the host's or images of a
/// periodic box made here. Atoms that are not seen are left out of every array and keep only their row in the results.
/// </summary>
internal sealed unsafe class Particles : IDisposable
{
    private readonly NativeBuffer<double> _seen = new();
    private readonly NativeBuffer<int> _species = new();
    private readonly NativeBuffer<int> _rowMap = new();
    private readonly GhostShell _shell = new();
    private readonly ShellHalo _shellHalo;
    private readonly RowMapHalo _rowMapHalo = new();

    private Box? _hostBox;
    private double _unit;
    private Box? _box;

    public Particles() => _shellHalo = new(_shell);

    public int LocalCount { get; private set; }

    public int GhostCount { get; private set; }

    public int Count => LocalCount + GhostCount;

    /// <summary>Whether the ghosts are images that <see cref="MakeGhosts"/> makes.</summary>
    public bool OwnsGhosts { get; private set; }

    /// <summary>[Count, 3] Å, as the frame has them but for lattice vectors.</summary>
    public double* Positions => OwnsGhosts ? _shell.Positions.Pointer : _seen.Pointer;

    /// <summary>[Count] rows of the network's embeddings.</summary>
    public int* Species => _species.Pointer;

    /// <summary>[LocalCount] row of the frame of each owned atom.</summary>
    public NativeBuffer<int> Rows => _rowMap;

    public IHalo Halo { get; private set; } = NoHalo.Instance;

    public ParticleView View => new(Positions, LocalCount, GhostCount);

    /// <summary>Takes the atoms of a checked frame. Ghosts of a periodic box are made later, when their range is known.</summary>
    public void Take(in FrameInput frame, double lengthUnit, SpeciesMap species)
    {
        int count = frame.Positions.Length / 3;
        Reserve(count);
        OwnsGhosts = frame.Box is { AnyPeriodic: true };
        if (OwnsGhosts)
            _box = ScaledBox(frame.Box!, lengthUnit);

        int seen = 0;
        LocalCount = 0;
        for (int row = 0; row < count; row++)
        {
            int s = species[frame.Types.Length == 0 ? 1 : frame.Types[row]];
            if (s == SpeciesMap.NotSeen)
                continue;
            for (int axis = 0; axis < 3; axis++)
                _seen[3L * seen + axis] = frame.Positions[3 * row + axis] * lengthUnit;
            _species[seen] = s;
            _rowMap[seen++] = row;
            if (row < frame.LocalCount)
                LocalCount = seen;
        }

        Reserve(seen);
        GhostCount = seen - LocalCount;
        IHalo host = frame.Halo ?? NoHalo.Instance;
        if (OwnsGhosts)
            Halo = _shellHalo;
        else if (seen == count)
            Halo = host;
        else
        {
            _rowMapHalo.Attach(host, _rowMap, LocalCount, count);
            Halo = _rowMapHalo;
        }
    }

    /// <summary>Surrounds the box with the images within a range in Å.</summary>
    public void MakeGhosts(double range)
    {
        _shell.Build(_seen.Pointer, LocalCount, _box!, range);
        GhostCount = _shell.GhostCount;
        _species.Grow(Count);
        for (int g = 0; g < GhostCount; g++)
            _species[LocalCount + g] = _species[_shell.Owners[g]];
    }

    /// <summary>The row of the frame behind an owned atom or a ghost.</summary>
    public int FrameRow(int index) => OwnsGhosts && index >= LocalCount ? _rowMap[_shell.Owners[index - LocalCount]] : _rowMap[index];

    /// <summary>Volume in Å^3 that the owned atoms share: the box, cut to the atoms where it is not periodic.</summary>
    public double OccupiedVolume()
    {
        Box box = _box!;
        double volume = box.Volume;
        for (int axis = 0; axis < 3; axis++)
        {
            if (box.IsPeriodic(axis))
                continue;
            var (a, b, c) = box.Reciprocal;
            Vec3 row = axis switch { 0 => a, 1 => b, _ => c };
            double low = double.MaxValue, high = double.MinValue;
            for (int i = 0; i < LocalCount; i++)
            {
                double f = Vec3.Dot(row, new Vec3(_seen[3L * i], _seen[3L * i + 1], _seen[3L * i + 2]));
                (low, high) = (Math.Min(low, f), Math.Max(high, f));
            }

            volume *= Math.Max(high - low, 0);
        }

        return volume;
    }

    public void Dispose()
    {
        _seen.Dispose();
        _species.Dispose();
        _rowMap.Dispose();
        _shell.Dispose();
        _rowMapHalo.Dispose();
    }

    private void Reserve(int count)
    {
        _seen.Resize(3L * count);
        _species.Resize(count);
        _rowMap.Resize(count);
    }

    /// <summary>The box in Å; kept while the host's does not change, because frames must not allocate.</summary>
    private Box ScaledBox(Box host, double unit)
    {
        if (_box is null || unit != _unit || !host.Equals(_hostBox))
            (_hostBox, _unit, _box) = (host, unit, unit == 1 ? host : host.Scaled(unit));
        return _box;
    }
}
