using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Tests;

/// <summary>
/// Runs an analysis on the atoms of a box that are dealt out, slab by slab and in a shuffled order, to ranks that are threads of
/// this process; results are put together again in the order of the lattice.
/// </summary>
internal sealed unsafe class RankedFrame : IDisposable
{
    private readonly Rank[] _ranks;
    private double[][] _columns = [];

    public RankedFrame(string analysis, int ranks, Func<string, Frame>? read = null)
    {
        Team team = new(ranks);
        _ranks = [.. Enumerable.Range(0, ranks).Select(rank => new Rank(team, rank, analysis, read))];
    }

    public IAnalysis Analysis => _ranks[0].Analysis;

    public RankedFrame Run(
        Lattice lattice, double nearestRange = 7, int[]? types = null, long[]? ids = null, int[]? structures = null)
    {
        double range = Math.Max(nearestRange, Analysis.Cutoff);
        using GhostShell shell = Identified.Shell(lattice, range);
        int[] owners = [.. Enumerable.Range(0, lattice.Positions.Length), .. shell.Owners.Span];
        int[] ranks = [.. Enumerable.Range(0, lattice.Positions.Length).Select(RankOf)];
        Exception?[] failures = new Exception?[_ranks.Length];
        Thread[] threads = [.. _ranks.Select((rank, k) => new Thread(() =>
        {
            try
            {
                rank.Run(lattice.Box, shell.View, owners, ranks, range, nearestRange, types, ids, structures);
            }
            catch (Exception e)
            {
                failures[k] = e;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        if (failures.FirstOrDefault(failure => failure is not null) is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        foreach (Rank rank in _ranks)
            Assert.Equal(_ranks[0].Output.Globals.ToArray(), rank.Output.Globals.ToArray());
        _columns = [.. Analysis.Columns.Select(_ => new double[lattice.Positions.Length])];
        foreach (Rank rank in _ranks)
            for (int column = 0; column < _columns.Length; column++)
                for (int k = 0; k < rank.Owned.Length; k++)
                    _columns[column][rank.Owned[k]] = rank.Output.RealAt(column, k);
        return this;

        int RankOf(int atom)
        {
            double* r = shell.View.Positions + 3L * atom;
            double fraction = lattice.Box.ToFractional(new(r[0], r[1], r[2])).X;
            return Math.Clamp((int)(fraction * _ranks.Length), 0, _ranks.Length - 1);
        }
    }

    public double[] Column(string name) => _columns[Analysis.Columns.ToList().FindIndex(c => c.Name == name)];

    public double Global(string name) => _ranks[0].Output.Globals[Analysis.Globals.ToList().FindIndex(g => g.Name == name)];

    public void Dispose()
    {
        foreach (Rank rank in _ranks)
            rank.Dispose();
    }

    /// <summary>What the ranks share.</summary>
    private sealed class Team(int size)
    {
        public readonly Barrier Barrier = new(size);
        public readonly nint[] Rows = new nint[size];
        public readonly long[][] Longs = new long[size][];
        public readonly double[][] Doubles = new double[size][];

        /// <summary>[atoms] where each atom is among the owned ones of its rank.</summary>
        public int[] Places = [];
    }

    private sealed class Rank : ICommunicator, IHalo, IDisposable
    {
        private readonly Team _team;
        private readonly WorkerPool _pool = new(1);
        private readonly CellGrid _grid;
        private readonly AnalysisContext _context;
        private int[] _ghostOwners = [];
        private int[] _ranks = [];

        public Rank(Team team, int rank, string analysis, Func<string, Frame>? read)
        {
            (_team, Number, _grid) = (team, rank, new(_pool));
            _context = new(_pool, _grid, this, Agree) { Halo = this };
            Analysis = AnalysisCatalog.Create(analysis, 1, new(_pool, _grid) { ReadReference = read }, out _);
            Output = new(Analysis);
        }

        public IAnalysis Analysis { get; }

        public AnalysisOutput Output { get; }

        public int[] Owned { get; private set; } = [];

        public int Number { get; }

        int ICommunicator.Rank => Number;

        public int Size => _team.Rows.Length;

        public void Run(Box box, ParticleView all, int[] owners, int[] ranks, double range, double nearestRange, int[]? types, long[]? ids,
            int[]? structures)
        {
            _ranks = ranks;
            Owned = [.. Enumerable.Range(0, all.LocalCount).Where(atom => ranks[atom] == Number)];
            new Random(Number).Shuffle(Owned);
            int[] ghosts = [.. Enumerable.Range(0, all.Count).Where(k => (k >= all.LocalCount || ranks[k] != Number) && IsNear(k))];
            _ghostOwners = [.. ghosts.Select(k => owners[k])];
            if (Number == 0)
                _team.Places = new int[all.LocalCount];
            _team.Barrier.SignalAndWait();
            for (int k = 0; k < Owned.Length; k++)
                _team.Places[Owned[k]] = k;
            _team.Barrier.SignalAndWait();
            int[] atoms = [.. Owned, .. ghosts];
            double[] positions = [.. atoms.SelectMany(k => (double[])[.. new Span<double>(all.Positions + 3L * k, 3)])];
            int[]? allTypes = types is null ? null : [.. atoms.Select(k => types[owners[k]])];
            long[] allIds = [.. atoms.Select(k => ids?[owners[k]] ?? owners[k] + 1)];
            int[]? allStructures = structures is null ? null : [.. Owned.Select(k => structures[k])];
            // Arrays of no length have no address: none of them is read then.
            fixed (double* r = positions)
            fixed (int* t = allTypes, s = allStructures)
            fixed (long* i = allIds)
            {
                _context.Show(new(r, Owned.Length, ghosts.Length));
                (_context.Range, _context.NearestRange, _context.Box, _context.Output) = (range, nearestRange, box, Output);
                _context.Typical = nearestRange / 1.75;
                _context.AtomTypes = t;
                _context.Ids = i;
                _context.StructureTypes = s;
                Output.Resize(Owned.Length);
                Analysis.Run(_context);
            }

            bool IsNear(int k)
            {
                double* a = all.Positions + 3L * k;
                foreach (int atom in Owned)
                {
                    double* b = all.Positions + 3L * atom;
                    if (new Vec3(a[0] - b[0], a[1] - b[1], a[2] - b[2]).Length <= range)
                        return true;
                }

                return false;
            }
        }

        public void Forward(float* rows, int width) => Exchange(rows, width);

        public void Forward(double* rows, int width) => Exchange(rows, width);

        public void AllReduceSum(Span<long> values) => Reduce(_team.Longs, values, (a, b) => a + b);

        public void AllReduceMax(Span<double> values) => Reduce(_team.Doubles, values, Math.Max);

        public void AllReduceMin(Span<double> values) => Reduce(_team.Doubles, values, Math.Min);

        public void Dispose()
        {
            Analysis.Dispose();
            Output.Dispose();
            _context.Dispose();
            _grid.Dispose();
            _pool.Dispose();
        }

        private void Agree(Exception? failure)
        {
            long[] failed = [failure is null ? 0 : 1];
            AllReduceSum(failed);
            if (failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            if (failed[0] > 0)
                throw new InputException("another rank has failed");
        }

        private void Reduce<T>(T[][] shared, Span<T> values, Func<T, T, T> add)
        {
            shared[Number] = values.ToArray();
            _team.Barrier.SignalAndWait();
            for (int k = 0; k < values.Length; k++)
            {
                values[k] = shared[0][k];
                for (int rank = 1; rank < Size; rank++)
                    values[k] = add(values[k], shared[rank][k]);
            }

            _team.Barrier.SignalAndWait();
        }

        private void Exchange<T>(T* rows, int width)
            where T : unmanaged
        {
            _team.Rows[Number] = (nint)rows;
            _team.Barrier.SignalAndWait();
            T* ghost = rows + (long)Owned.Length * width;
            foreach (int owner in _ghostOwners)
            {
                T* source = (T*)_team.Rows[_ranks[owner]] + (long)_team.Places[owner] * width;
                new ReadOnlySpan<T>(source, width).CopyTo(new(ghost, width));
                ghost += width;
            }

            _team.Barrier.SignalAndWait();
        }
    }
}
