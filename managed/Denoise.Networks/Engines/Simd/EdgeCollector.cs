using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Radial;
using Denoise.Networks.Engines.Simd.Tiles;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// Turns rows of the neighbor list into batches of edges shorter than the cutoff, eight candidates at a time. The vector of an edge
/// points from the neighbor to the atom, r_i - r_j: a difference of doubles, rounded. Two batches are on the way: while kernels work
/// on one, the next has been filtered and its rows of features are arriving. Belongs to one thread and stays in the first-level cache.
/// </summary>
internal sealed unsafe class EdgeCollector : IDisposable
{
    private const int Lanes = CandidateVectors.Lanes;

    // Per edge three floats of direction, three of the basis, a place in the table, and the neighbor's index and row.
    private const int Columns = 3 + 3 + 1 + 1 + 2;

    private readonly NativeBuffer<float> _columns = new(2 * Columns * EdgeBatch.Capacity + Lanes);
    private readonly NativeBuffer<EdgeBatch> _batches = new(2);
    private readonly NativeBuffer<float> _harmonics = new();
    private readonly NativeBuffer<float> _elements = new();

    private double* _positions;
    private NeighborList _list = null!;
    private RadialTable _table = null!;
    private CouplingProgram? _couplings;
    private FeatureRows _features;
    private float _cutoffSquared;

    // The atoms whose edges are still to be filtered, and of the first of them the candidates.
    private int* _atom;
    private int* _lastAtom;
    private int* _next;
    private int* _end;

    // Of the two batches: which one is filtered, and whether its atom has no further edges.
    private int _filtered;
    private bool _isLast;

    public EdgeCollector()
    {
        _columns.Clear();
        for (int b = 0; b < 2; b++)
        {
            float* columns = _columns.Pointer + b * Columns * EdgeBatch.Capacity;
            _batches[b] = new()
            {
                Rows = (float**)(columns + 8 * EdgeBatch.Capacity),
                Directions = columns,
                Offsets = (int*)columns + 6 * EdgeBatch.Capacity,
                Basis = columns + 3 * EdgeBatch.Capacity,
            };
        }
    }

    public long MemoryBytes => _columns.CapacityBytes + _batches.CapacityBytes + _harmonics.CapacityBytes + _elements.CapacityBytes;

    /// <summary>Begins with the edges of some atoms, one after the other.</summary>
    /// <param name="positions">of atoms and ghosts</param>
    /// <param name="list">their neighbors, and others</param>
    /// <param name="atoms">[count] in the order in which the batches come</param>
    /// <param name="count">at least 1</param>
    /// <param name="cutoffSquared">Å^2</param>
    /// <param name="table">of the radial weights</param>
    /// <param name="couplings">the coupling matrices that the layer needs; null: none</param>
    /// <param name="features">rows of the neighbors' features</param>
    public void Begin(
        double* positions, NeighborList list, int* atoms, int count, float cutoffSquared, RadialTable table, CouplingProgram? couplings,
        in FeatureRows features)
    {
        _positions = positions;
        _atom = atoms;
        _lastAtom = atoms + count - 1;
        (_list, _table, _features, _cutoffSquared, _filtered) = (list, table, features, cutoffSquared, 0);
        for (int b = 0; b < 2; b++)
        {
            _batches[b].Table = table.Rows;
            _batches[b].TableWidth = table.Width;
        }

        _couplings = couplings;
        if (couplings is not null)
        {
            // Of one batch at a time: they are made when it is complete, and then the kernels work on it.
            _harmonics.Resize(EdgeHarmonics.Count(EdgeHarmonics.LMax) * EdgeBatch.Capacity);
            _elements.Resize((long)couplings.SlotCount * EdgeBatch.Capacity);
            for (int b = 0; b < 2; b++)
                _batches[b].Couplings = _elements.Pointer;
        }

        BeginRow();
        Filter(_batches.Pointer);
    }

    /// <summary>The next batch; it may be empty.</summary>
    /// <param name="isLast">whether the next one belongs to the next atom</param>
    public EdgeBatch* Next(out bool isLast)
    {
        EdgeBatch* batch = _batches.Pointer + _filtered;
        Complete(batch);
        isLast = _isLast;
        if (isLast && _atom == _lastAtom)
            return batch;
        if (isLast)
        {
            _atom++;
            BeginRow();
        }

        _filtered ^= 1;
        Filter(_batches.Pointer + _filtered);
        return batch;
    }

    public void Dispose()
    {
        _columns.Dispose();
        _batches.Dispose();
        _harmonics.Dispose();
        _elements.Dispose();
    }

    private void BeginRow()
    {
        NeighborRow row = _list[*_atom];
        _next = row.Indices;
        _end = _next + row.Count;
        // Rows mostly lie one behind the other: fetch the one after the next.
        CacheLines.Fetch(_end + row.Count, row.Count);
    }

    /// <summary>Vectors of the next edges, not yet of unit length, and their rows of features.</summary>
    [SkipLocalsInit]
    private void Filter(EdgeBatch* batch)
    {
        Vector256<float> square = Vector256.Create(_cutoffSquared);
        Vector256<double> center = CandidateVectors.Load(_positions, *_atom);
        double* positions = _positions;
        float* x = batch->Directions, y = x + EdgeBatch.Next, z = y + EdgeBatch.Next;
        int* padded = stackalloc int[Lanes], found = Neighbors(batch), next = _next, end = _end;
        int count = 0;
        for (; next < end && count <= EdgeBatch.Capacity - Lanes; next += Lanes)
        {
            int lanes = (int)Math.Min(end - next, Lanes);
            int* neighbors = lanes < Lanes ? CandidateVectors.Pad(next, lanes, padded) : next;
            CandidateVectors.Get(center, positions, neighbors, out var dx, out var dy, out var dz);
            uint isEdge = Vector256.LessThan(Squared(dx, dy, dz), square).ExtractMostSignificantBits() & ((1u << lanes) - 1);
            LaneCompaction.Store(dx.AsInt32(), dy.AsInt32(), isEdge, (int*)x + count, (int*)y + count);
            count += LaneCompaction.Store(dz.AsInt32(), Vector256.Load(neighbors), isEdge, (int*)z + count, found + count);
        }

        _next = next;
        _isLast = next >= end;
        batch->Count = count;
        // What pads the last vector must be there, although its basis is zero. Behind the neighbors there are their rows.
        Vector128.Create(*found).Store(found + count);
        _features.Find(found, count, batch->Rows);
    }

    /// <summary>Turns the vectors of a batch into directions and places in the table; what pads it gets zeros.</summary>
    private void Complete(EdgeBatch* batch)
    {
        Vector256<float> offset = Vector256.Create(_table.Offset), scale = Vector256.Create(_table.IntervalsPerUnit);
        Vector256<int> last = Vector256.Create(_table.Intervals - 1), width = Vector256.Create(_table.Width);
        float* directions = batch->Directions, basis = batch->Basis;
        int* offsets = batch->Offsets;
        int count = batch->Count;
        for (int n = 0; n < count; n += Lanes, directions += Lanes, basis += Lanes, offsets += Lanes)
        {
            Vector256<float> x = Vector256.Load(directions), y = Vector256.Load(directions + EdgeBatch.Next);
            Vector256<float> z = Vector256.Load(directions + 2 * EdgeBatch.Next);
            Vector256<float> length = Vector256.Sqrt(Squared(x, y, z));
            // Two atoms in one place have no direction: e3nn's harmonics of degree above 0 are then zero.
            Vector256<float> inverse = Vector256<float>.One / Vector256.MaxNative(length, Vector256.Create(1e-12f));
            Vector256<float> isEdge = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count - n)).AsSingle();
            (x * inverse & isEdge).Store(directions);
            (y * inverse & isEdge).Store(directions + EdgeBatch.Next);
            (z * inverse & isEdge).Store(directions + 2 * EdgeBatch.Next);

            Vector256<float> place = scale * length / (length + offset);
            Vector256<int> interval = Vector256.Min(Vector256.ConvertToInt32Native(place), last);
            (interval * width & isEdge.AsInt32()).Store(offsets);

            // The three quadratic B-splines of eight intervals, see RadialTable.
            Vector256<float> t = place - Vector256.ConvertToSingle(interval), rest = Vector256<float>.One - t;
            Vector256<float> half = Vector256.Create(0.5f);
            (half * rest * rest & isEdge).Store(basis);
            (Vector256.FusedMultiplyAdd(t, rest, half) & isEdge).Store(basis + EdgeBatch.NextBasis);
            (half * t * t & isEdge).Store(basis + 2 * EdgeBatch.NextBasis);
        }

        if (count > 0)
            _couplings?.Evaluate(batch, _harmonics.Pointer);
    }

    private static int* Neighbors(EdgeBatch* batch) => batch->Offsets + EdgeBatch.Capacity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Squared(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.FusedMultiplyAdd(x, x, Vector256.FusedMultiplyAdd(y, y, z * z));
}
