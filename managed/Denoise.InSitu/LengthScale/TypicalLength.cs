using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Models;
using Denoise.Parallel;
using Denoise.Structure;

namespace Denoise.InSitu.LengthScale;

/// <summary>
/// The typical distance between neighbors on all ranks: the mean distance L to the k nearest in the perfect crystal of the same
/// density. Robust by construction:
/// <code>
/// per atom   ln g = 1/k sum_j ln r_j                            geometric mean over the k nearest
///            a    = |sum_j w_j r_j/|r_j|| / sum_j w_j           how unevenly they surround it, w_j = r_(k+1) - r_j
/// all atoms  L    = c * median of g over the quarter with the least a
/// </code>
/// With k = 2 it is a compound's bond, of the atoms that are between two others and nearest to a straight line: c is 1.
/// Thermal noise lengthens a shell's mean ln r by half its relative variance and shortens it by choosing the nearest: for g the two
/// cancel to 0.5% at noise of 12% of the shortest distance (for the arithmetic mean they leave 1%). Atoms at surfaces and beside
/// vacancies are surrounded unevenly, so they do not take part. At equal density g is the same for fcc, hcp and bcc to 0.1% at
/// k = 13, and the weights vanish where the choice among equally far atoms is arbitrary.
/// </summary>
/// <param name="pool">threads, borrowed</param>
/// <param name="grid">to sort atoms with, borrowed</param>
/// <param name="communicator">the ranks</param>
/// <param name="scratch">[at least nLocal] 8 bytes per atom that nobody needs during a call</param>
internal sealed unsafe class TypicalLength(
    WorkerPool pool, CellGrid grid, ICommunicator communicator, NativeBuffer<double> scratch) : IDisposable
{
    /// <summary>c, arithmetic over geometric mean of the 13 nearest in perfect crystals: fcc and hcp 1.0047, bcc 1.0025.</summary>
    private const double ArithmeticOverGeometric = 1.0036;

    private const double EvenFraction = 0.25;

    // ln g of any unit of length: e^-30 to e^30.
    private const double LogRange = 30;

    private readonly NearestNeighborFinder<Visitor> _finder = new(pool, grid);
    private readonly NativeBuffer<WorkerRecord> _records = new();
    private readonly GlobalQuantile _quantile = new(pool, communicator);

    // [nLocal] each; not a number: does not take part.
    private float* _logMeans;
    private float* _unevenness;

    /// <summary>Atoms on all ranks.</summary>
    public long Population { get; private set; }

    /// <summary>Atoms on all ranks whose k + 1 nearest are known.</summary>
    public long Complete { get; private set; }

    /// <summary>
    /// How far, in Å, an atom's neighbors lie at most that decided on its structure: if ghosts reach, or are seen, further than
    /// that, the structures of the last call are those within any such range. Infinite where none were asked for.
    /// </summary>
    public double Decisive { get; private set; }

    /// <summary>L in Å; NaN where no atom has k + 1 neighbors within reach. Collective.</summary>
    /// <param name="frame">for messages</param>
    /// <param name="particles">owned atoms and ghosts in Å</param>
    /// <param name="neighborCount">k</param>
    /// <param name="reach">distance in Å within which ghosts are complete; may be infinite</param>
    /// <param name="types">[nLocal] receives structures by adaptive common neighbor analysis; null: not wanted</param>
    /// <param name="failure">of this rank, which then takes part without atoms</param>
    /// <param name="closest">this rank's closest pair</param>
    public double Find(
        in FrameInput frame, Particles particles, int neighborCount, double reach, int* types, ref Exception? failure, out AtomPair closest)
    {
        closest = AtomPair.None;
        Decisive = double.PositiveInfinity;
        int count = 0;
        try
        {
            Measure(particles, neighborCount, reach, types);
            count = particles.LocalCount;
            Decisive = types == null ? double.PositiveInfinity : 0;
            foreach (ref readonly WorkerRecord record in _records.Span)
            {
                Decisive = Math.Max(Decisive, Math.Sqrt(record.DecisiveSquare));
                if (record.Closest.Distance < closest.Distance)
                    closest = record.Closest;
            }
        }
        catch (Exception e)
        {
            failure ??= FrameCheck.Explain(frame, particles, e);
        }

        bool failed = failure is not null;
        // a is at most 1; two levels are bins of 1/4096, which is more than rounding and less than noise.
        double even = _quantile.Find(_unevenness, count, EvenFraction, 0, 1 + 1e-9, 2, failed);
        (Population, Complete) = (_quantile.Population, _quantile.Total);
        if (_quantile.FailedRanks > 0)
            Agreement.Reach(communicator, failure);
        if (Complete == 0)
            return double.NaN;
        // The whole bin of the quantile takes part: in a perfect crystal that is everybody.
        for (int i = 0; i < count; i++)
            if (_unevenness[i] > even + 1.0 / 4096)
                _logMeans[i] = float.NaN;
        double median = _quantile.Find(_logMeans, count, 0.5, -LogRange, LogRange, 5, false);
        return (neighborCount == NequipConfig.BondNeighbors ? 1 : ArithmeticOverGeometric) * Math.Exp(median);
    }

    public void Dispose()
    {
        _finder.Dispose();
        _records.Dispose();
    }

    private void Measure(Particles particles, int neighborCount, double reach, int* types)
    {
        _logMeans = scratch.Block.As<float>(0, particles.LocalCount);
        _unevenness = scratch.Block.As<float>(particles.LocalCount, particles.LocalCount);
        new Span<float>(_logMeans, particles.LocalCount).Fill(float.NaN);
        new Span<float>(_unevenness, particles.LocalCount).Fill(float.NaN);
        _records.Resize(pool.Count);
        _records.Span.Fill(new() { Closest = AtomPair.None });
        int needed = neighborCount + 1, wanted = types == null ? needed : Math.Max(needed, AdaptiveCommonNeighborAnalysis.NeighborsWanted);
        _finder.Run(particles.View, wanted, needed, reach, new(neighborCount, _logMeans, _unevenness, types, _records.Pointer));
    }

    /// <summary>What a thread has seen.</summary>
    private struct WorkerRecord
    {
        public AtomPair Closest;
        public double DecisiveSquare;
    }

    private readonly struct Visitor(int k, float* logMeans, float* unevenness, int* types, WorkerRecord* records) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            WorkerRecord* record = records + worker;
            if (nearest.Count > 0 && nearest.Squares[0] < record->Closest.Distance * record->Closest.Distance)
                record->Closest = new(atom, nearest.Index(0), Math.Sqrt(nearest.Squares[0]));
            bool isIdentified = types == null || Identify(atom, nearest, record);
            return Measure(atom, nearest) && isIdentified;
        }

        private bool Identify(int atom, in NearestNeighbors nearest, WorkerRecord* record)
        {
            const int Wanted = AdaptiveCommonNeighborAnalysis.NeighborsWanted;
            bool isIdentified = AdaptiveCommonNeighborAnalysis.TryIdentify(nearest, out StructureType type);
            types[atom] = (int)type;
            // Fewer than wanted, and all that there are within reach: with more reach there may be others.
            bool isCutOff = nearest.Count < Wanted && nearest.IsFinal;
            double known = nearest.Count == 0 ? 0 : nearest.Squares[Math.Min(nearest.Count, Wanted) - 1];
            double square = isCutOff ? double.PositiveInfinity : known;
            record->DecisiveSquare = Math.Max(record->DecisiveSquare, square);
            return isIdentified;
        }

        private bool Measure(int atom, in NearestNeighbors nearest)
        {
            if (nearest.Count <= k)
                return false;

            double outer = Math.Sqrt(nearest.Squares[k]), product = 1, x = 0, y = 0, z = 0, weights = 0;
            for (int j = 0; j < k; j++)
            {
                double r = Math.Sqrt(nearest.Squares[j]), weight = outer - r, unit = weight / r;
                product *= r;
                x += unit * nearest.X[j];
                y += unit * nearest.Y[j];
                z += unit * nearest.Z[j];
                weights += weight;
            }

            // Zero over zero where all are equally far: even enough.
            logMeans[atom] = (float)(Math.Log(product) / k);
            unevenness[atom] = weights > 0 ? (float)(Math.Sqrt(x * x + y * y + z * z) / weights) : 0;
            return true;
        }
    }
}
