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
    private readonly LocalSpacing _spacing = new();
    private readonly MemoryBudget _budget;
    private readonly RowMapHalo _rowMapHalo = new();
    private readonly WorkerPool.Body _copy;
    private readonly WorkerPool.Body _sortRows;
    private readonly WorkerPool.Body _assignSpecies;
    private readonly WorkerPool.Body _assignGhosts;

    private Box? _hostBox;
    private Box? _box;
    private double _boxUnit;
    private long _step;

    // Of the call in progress.
    private SpeciesMap _map = null!;
    private double _unit;
    private double* _hostPositions;
    private int* _hostTypes;
    private int* _rows;
    private int* _order;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="budget">asked before ghosts are made</param>
    public Particles(WorkerPool pool, CellGrid grid, MemoryBudget budget)
    {
        (_pool, _grid, _budget, _selection, _shell) = (pool, grid, budget, new(pool), new(pool));
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
        _budget.Require(frame.Step, frame.LocalCount, count - frame.LocalCount, areImages: false);
        _grid.ListLimit = _budget.ForLists;
        OwnsGhosts = frame.Box is { AnyPeriodic: true };
        _step = frame.Step;
        // Where images are made here the order is ours, whether there is a host or not.
        bool isSorted = frame.Halo is null || OwnsGhosts;
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
    /// <exception cref="SessionException">there would be too many of them</exception>
    public void MakeGhosts(double range)
    {
        _budget.Require(_step, LocalCount, CountGhosts(range), areImages: true);
        _grid.ListLimit = _budget.ForLists;
        _shell.Make();
        GhostCount = _shell.GhostCount;
        _species.Grow(Count);
        _pool.Run(GhostCount, RowSelection.Grain, _assignGhosts);
    }

    /// <summary>The row of the frame behind an owned atom or a ghost.</summary>
    public int FrameRow(int index) => _rowMap[OwnsGhosts && index >= LocalCount ? _shell.Owners[index - LocalCount] : index];

    /// <summary>Distance between owned atoms where most of them are, Å: roughly; 0 where all are in one place.</summary>
    public double FindSpacing() => _spacing.Find(Positions, LocalCount, OwnsGhosts ? _box! : OpenBox);

    public void Dispose()
    {
        _species.Dispose();
        _rowMap.Dispose();
        _shell.Dispose();
        _selection.Dispose();
        _spacing.Dispose();
        _rowMapHalo.Dispose();
    }

    private long CountGhosts(double range)
    {
        try
        {
            return _shell.Count(range);
        }
        catch (InputException failure)
        {
            throw new SessionException(SessionError.Input, $"step {_step}: {failure.Message}", failure);
        }
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
