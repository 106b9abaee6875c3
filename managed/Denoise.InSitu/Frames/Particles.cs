using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Denoising;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;

namespace Denoise.InSitu.Frames;

/// <summary>
/// The atoms of a frame that the network sees: owned ones first, then their ghosts, which are the host's or images of a periodic
/// box made here. Atoms that are not seen are left out of every array and keep only their row in the results. Where no host knows
/// their order, owned atoms are sorted in space. Positions are in Å until a <see cref="DisplacementField"/> moves them.
/// </summary>
internal sealed unsafe class Particles : IDisposable
{
    private static readonly Box OpenBox = Box.Orthogonal(1, 1, 1, periodic: false);

    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly RowSelection _selection;
    private readonly NativeBuffer<int> _species = new();
    private readonly NativeBuffer<int> _rowMap = new();
    private readonly GhostShell _shell;
    private readonly ShellHalo _shellHalo;
    private readonly RowMapHalo _rowMapHalo = new();
    private readonly WorkerPool.Body _copy;
    private readonly WorkerPool.Body _sortRows;
    private readonly WorkerPool.Body _assignSpecies;
    private readonly WorkerPool.Body _assignGhosts;

    private Box? _hostBox;
    private Box? _box;
    private double _boxUnit;

    // Of the call in progress.
    private SpeciesMap _map = null!;
    private double _unit;
    private double* _hostPositions;
    private int* _hostTypes;
    private int* _rows;
    private int* _order;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    public Particles(WorkerPool pool, CellGrid grid)
    {
        (_pool, _grid, _selection, _shell) = (pool, grid, new(pool), new(pool));
        _shellHalo = new(_shell);
        (_copy, _sortRows, _assignSpecies, _assignGhosts) = (CopyPositions, SortRows, AssignSpecies, AssignGhosts);
    }

    public int LocalCount { get; private set; }

    public int GhostCount { get; private set; }

    public int Count => LocalCount + GhostCount;

    /// <summary>Whether the ghosts are images that <see cref="MakeGhosts"/> makes.</summary>
    public bool OwnsGhosts { get; private set; }

    /// <summary>[Count, 3] as the frame has them but for lattice vectors, Å.</summary>
    public double* Positions => _shell.Positions.Pointer;

    /// <summary>[Count] rows of the network's embeddings.</summary>
    public int* Species => _species.Pointer;

    /// <summary>[LocalCount, and ghosts of a host] row of the frame of each atom.</summary>
    public NativeBuffer<int> Rows => _rowMap;

    /// <summary>[GhostCount] the owned atom that each ghost is an image of; only where they were made here.</summary>
    public int* Owners => _shell.Owners.Pointer;

    public IHalo Halo { get; private set; } = NoHalo.Instance;

    public ParticleView View => new(Positions, LocalCount, GhostCount);

    /// <summary>Takes the atoms of a checked frame. Ghosts of a periodic box are made later, when their range is known.</summary>
    public void Take(in FrameInput frame, double lengthUnit, SpeciesMap species)
    {
        int count = frame.Positions.Length / 3;
        OwnsGhosts = frame.Box is { AnyPeriodic: true };
        bool isSorted = frame.Halo is null;
        fixed (double* positions = frame.Positions)
        fixed (int* types = frame.Types)
        {
            (_map, _unit) = (species, lengthUnit);
            _hostPositions = positions;
            _hostTypes = frame.Types.Length == 0 ? null : types;
            _species.Resize(count);
            _rowMap.Resize(count);
            // Before they are sorted, rows are kept where the species will be.
            _rows = isSorted ? _species.Pointer : _rowMap.Pointer;
            int seen = _selection.Find(_hostTypes, count, species, _rows);
            LocalCount = frame.LocalCount == count ? seen : RowsBelow(frame.LocalCount, seen);
            GhostCount = seen - LocalCount;
            _rowMap.Resize(seen);
            _species.Resize(seen);
            _shell.Positions.Resize(3L * seen);
            _pool.Run(seen, RowSelection.Grain, _copy);
            if (isSorted)
            {
                _order = _shell.Arrange(seen, ScaledBox(frame.Box, lengthUnit), _grid);
                _pool.Run(seen, RowSelection.Grain, _sortRows);
            }

            _pool.Run(seen, RowSelection.Grain, _assignSpecies);
        }

        if (OwnsGhosts)
            Halo = _shellHalo;
        else if (isSorted)
            Halo = NoHalo.Instance;
        else if (_rowMap.Length == count)
            Halo = frame.Halo!;
        else
        {
            _rowMapHalo.Attach(frame.Halo!, _rowMap, LocalCount, count);
            Halo = _rowMapHalo;
        }
    }

    /// <summary>Surrounds the box with the images within a range in Å.</summary>
    public void MakeGhosts(double range)
    {
        _shell.Extend(range);
        GhostCount = _shell.GhostCount;
        _species.Grow(Count);
        _pool.Run(GhostCount, RowSelection.Grain, _assignGhosts);
    }

    /// <summary>The row of the frame behind an owned atom or a ghost.</summary>
    public int FrameRow(int index) => _rowMap[OwnsGhosts && index >= LocalCount ? _shell.Owners[index - LocalCount] : index];

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
                double f = Vec3.Dot(row, new Vec3(Positions[3L * i], Positions[3L * i + 1], Positions[3L * i + 2]));
                (low, high) = (Math.Min(low, f), Math.Max(high, f));
            }

            volume *= Math.Max(high - low, 0);
        }

        return volume;
    }

    public void Dispose()
    {
        _species.Dispose();
        _rowMap.Dispose();
        _shell.Dispose();
        _selection.Dispose();
        _rowMapHalo.Dispose();
    }

    private void CopyPositions(int begin, int end, int worker)
    {
        double* to = Positions + 3L * begin;
        for (int k = begin; k < end; k++, to += 3)
        {
            double* from = _hostPositions + 3L * _rows[k];
            (to[0], to[1], to[2]) = (from[0] * _unit, from[1] * _unit, from[2] * _unit);
        }
    }

    private void SortRows(int begin, int end, int worker)
    {
        for (int k = begin; k < end; k++)
            _rowMap[k] = _rows[_order[k]];
    }

    private void AssignSpecies(int begin, int end, int worker)
    {
        for (int k = begin; k < end; k++)
            _species[k] = _map[_hostTypes == null ? 1 : _hostTypes[_rowMap[k]]];
    }

    private void AssignGhosts(int begin, int end, int worker)
    {
        for (int g = begin; g < end; g++)
            _species[LocalCount + g] = _species[_shell.Owners[g]];
    }

    /// <summary>How many of the rows, which ascend, belong to owned atoms.</summary>
    private int RowsBelow(int row, int count)
    {
        int found = new ReadOnlySpan<int>(_rows, count).BinarySearch(row);
        return found < 0 ? ~found : found;
    }

    /// <summary>The box in Å; kept while the host's does not change, because frames must not allocate.</summary>
    private Box ScaledBox(Box? host, double unit)
    {
        if (host is null)
            return OpenBox;
        if (_box is null || unit != _boxUnit || !host.Equals(_hostBox))
            (_hostBox, _boxUnit, _box) = (host, unit, unit == 1 ? host : host.Scaled(unit));
        return _box;
    }
}
