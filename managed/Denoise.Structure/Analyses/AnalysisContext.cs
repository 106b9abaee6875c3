using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;

namespace Denoise.Structure.Analyses;

/// <summary>
/// The atoms of a frame as analyses see them, and what they work with. Owned atoms come first, ghosts after them; lengths are in Å.
/// Set by the session, read by the analyses.
/// </summary>
public sealed unsafe class AnalysisContext : IDisposable
{
    private readonly Action<Exception?> _agree;
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();
    private bool _hasList;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="communicator">the ranks</param>
    /// <param name="agree">returns on all ranks, or throws on all, if one has a failure; null: there is one rank</param>
    public AnalysisContext(WorkerPool pool, CellGrid grid, ICommunicator communicator, Action<Exception?>? agree = null)
    {
        (Pool, Grid, Communicator) = (pool, grid, communicator);
        _agree = agree ?? Rethrow;
        _builder = new(pool, grid);
    }

    public WorkerPool Pool { get; }

    public CellGrid Grid { get; }

    public ICommunicator Communicator { get; }

    /// <summary>Time step, for messages.</summary>
    public long Step { get; set; }

    /// <summary>Positions, denoised where there is a network. They may lie in other images than the atoms of <see cref="Box"/>.</summary>
    public ParticleView Particles { get; private set; }

    /// <summary>Å within which all neighbors of owned atoms are there: at least the analysis's cutoff; may be infinite.</summary>
    public double Range { get; set; }

    /// <summary>
    /// Å, 1.75 typical neighbor distances: neighbors farther away are to be taken as absent by analyses of the nearest, so that no
    /// value depends on which ghosts a rank happens to hold.
    /// </summary>
    public double NearestRange { get; set; }

    /// <summary>Å, the mean distance to the 13 nearest in the crystal of this density; 0 where it is not known.</summary>
    public double Typical { get; set; }

    /// <summary>[Particles.Count] types of the host, from 1; null: all 1.</summary>
    public int* AtomTypes { get; set; }

    /// <summary>[Particles.Count] the numbers by which the host knows atoms; a ghost has its atom's. Null: the frame has none.</summary>
    public long* Ids { get; set; }

    /// <summary>[LocalCount] non-zero: selected, counted and shown; null: all.</summary>
    public int* Selection { get; set; }

    /// <summary>[LocalCount] <see cref="StructureType"/> numbers by the session's own identification; null: it makes none.</summary>
    public int* StructureTypes { get; set; }

    /// <summary>[LocalCount, classes] that the network gave with its last prediction; null: there are none.</summary>
    public float* Logits { get; set; }

    /// <summary>Cell and periodicity of the whole system, Å; null: the host does not tell.</summary>
    public Box? Box { get; set; }

    /// <summary>Lengths of the host per Å: what is shown to the user is multiplied by it.</summary>
    public double HostPerAngstrom { get; set; } = 1;

    /// <summary>Copies rows of owned atoms to their ghosts. Collective.</summary>
    public IHalo Halo { get; set; } = NoHalo.Instance;

    /// <summary>Columns and globals of the analysis that runs.</summary>
    public AnalysisOutput Output { get; set; } = null!;

    /// <summary>Whether an owned atom is counted.</summary>
    public bool IsSelected(int atom) => Selection == null || Selection[atom] != 0;

    /// <summary>The atoms of another frame, or moved ones: what was kept of the former is no longer true.</summary>
    public void Show(ParticleView particles)
    {
        Particles = particles;
        _hasList = false;
    }

    /// <summary>
    /// Neighbors of owned atoms within a cutoff, made once for all analyses that ask for the same one in a row. Valid until another
    /// is asked for. Not collective.
    /// </summary>
    /// <param name="cutoff">Å</param>
    /// <param name="forSums">whether real numbers are summed over neighbors, so that their order matters</param>
    /// <exception cref="InputException">there are more than memory holds, or the ghosts do not reach as far</exception>
    public NeighborList Neighbors(double cutoff, bool forSums = false)
    {
        if (_hasList && _list.Cutoff == cutoff && (_list.IsOrdered || !forSums || !Grid.OrdersRows))
            return _list;
        RequireRange(cutoff);
        _hasList = false;
        _builder.Build(Particles, cutoff, _list, forSums);
        _hasList = true;
        return _list;
    }

    /// <summary>Before pairs within a cutoff are sought: all are there. Not collective.</summary>
    /// <exception cref="InputException">the ghosts do not reach as far</exception>
    public void RequireRange(double cutoff)
    {
        if (!(Range >= cutoff * (1 - 5e-7)))
            throw new InputException($"a cutoff of {cutoff:g6} Å needs ghost atoms as far, but they reach only {Range:g6} Å.");
    }

    /// <summary>Does work of this rank that may fail; then all ranks fail. Collective. Keep the delegate in a field.</summary>
    public void Attempt(Action work)
    {
        Exception? failure = null;
        try
        {
            work();
        }
        catch (Exception e)
        {
            failure = e;
        }

        _agree(failure);
    }

    /// <summary>Sums over all ranks. Collective.</summary>
    public void Sum(Span<long> values) => Communicator.AllReduceSum(values);

    public void Dispose()
    {
        _builder.Dispose();
        _list.Dispose();
    }

    private static void Rethrow(Exception? failure)
    {
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
