using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors;

/// <summary>
/// Counts the pairs of atoms that are closer than a cutoff by their distance and by the labels of both, without a list. Every pair is
/// counted once: an atom with those behind it in its own cell, at least a cutoff wide, and with those of half of the cells around it
/// (Allen and Tildesley, Computer Simulation of Liquids (1987), section 5.3.2), eight at a time in single precision; double precision
/// settles those near the edge of a bin, so that the counts are those of all pairs in double precision. Reused from frame to frame
/// without allocation; one call at a time.
/// </summary>
public sealed unsafe class PairHistogram : IDisposable
{
    // Cells are a little wider than the cutoff, so that rounding in the cell number loses no neighbor.
    private const double CellMargin = 1 + 1e-7;

    // Counters of each bin, where there are few: those of a crystal are otherwise waited for again and again.
    private const int Copies = 4;
    private const int FewCounters = 4096;

    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly PairCounter[] _counters;
    private readonly NativeBuffer<int> _labelAt = new();
    private readonly NativeBuffer<long> _counts = new();
    private readonly WorkerPool.Body _search;

    private long _size;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    public PairHistogram(WorkerPool pool, CellGrid grid)
    {
        (_pool, _grid, _search) = (pool, grid, Search);
        _counters = new PairCounter[pool.Count];
        for (int w = 0; w < _counters.Length; w++)
            _counters[w] = new PairCounter();
    }

    /// <summary>
    /// [labels, labels, bins] pairs, those of labels a and b in row (a, b) or (b, a); of two ghosts some are counted and some are not.
    /// Valid until the next call.
    /// </summary>
    public ReadOnlySpan<long> Counts => _counts.Span[..(int)_size];

    /// <summary>Bytes of native memory held, those of the borrowed grid not included.</summary>
    public long MemoryBytes => _labelAt.CapacityBytes + _counts.CapacityBytes + _counters.Sum(counter => counter.MemoryBytes);

    /// <summary>
    /// Counts. Bin k of n holds distances from k / n to (k + 1) / n of the cutoff; those that are less than a billionth of a bin below an
    /// edge go up, so that equal distances of a crystal are in one bin, however their last bits are rounded.
    /// </summary>
    /// <param name="particles">owned and ghost atoms in open space; a coordinate that is not finite has no neighbors</param>
    /// <param name="cutoff">Å, positive and finite</param>
    /// <param name="bins">of equal width</param>
    /// <param name="labelOf">[particles.Count] from 0</param>
    /// <param name="labels">how many there are</param>
    /// <exception cref="CoincidentAtomsException">hundreds of atoms are in one place</exception>
    /// <exception cref="InputException">
    /// an atom has more than <see cref="NeighborListBuilder.LargestRowAllowed"/> neighbors in half of the directions
    /// </exception>
    public void Count(ParticleView particles, double cutoff, int bins, int* labelOf, int labels)
    {
        if (!(cutoff > 0) || !double.IsFinite(cutoff))
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "the cutoff must be positive and finite");
        _size = (long)labels * labels * bins;
        int copies = _size <= FewCounters ? Copies : 1;
        _counts.Resize(_size * copies * _counters.Length);
        _counts.Clear();
        if (particles.LocalCount == 0)
            return;

        _grid.Measure(particles);
        _grid.Sort(cutoff * CellMargin);
        _grid.RefuseCrowds();
        _labelAt.Resize(_grid.Count);
        // As places among the counters.
        for (int slot = 0; slot < _grid.Count; slot++)
            _labelAt.Pointer[slot] = labelOf[_grid.Atoms.Pointer[slot]] * bins;
        for (int w = 0; w < _counters.Length; w++)
        {
            long* own = _counts.Pointer + _size * copies * w;
            _counters[w].Begin(_grid, cutoff, particles.LocalCount, bins, _labelAt.Pointer, labels, own, copies > 1 ? _size : 0);
        }

        _pool.Run(_grid.LineCount, Math.Max(1, _grid.LineCount / 128), _search);
        for (long part = _size; part < _counts.Length; part += _size)
            for (long k = 0; k < _size; k++)
                _counts.Pointer[k] += _counts.Pointer[part + k];
    }

    public void Dispose()
    {
        _labelAt.Dispose();
        _counts.Dispose();
        foreach (PairCounter counter in _counters)
            counter.Dispose();
    }

    private void Search(int first, int last, int worker)
    {
        for (int line = first; line < last; line++)
            _counters[worker].CountLine(line);
    }
}
