using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;

namespace Denoise.InSitu.Results;

/// <summary>Fills the rows of a result from what is known of the atoms, and sums over the atoms of this rank.</summary>
internal sealed unsafe class ResultWriter
{
    private const int Grain = 1 << 12;

    private readonly WorkerPool _pool;
    private readonly FrameResult _result;
    private readonly bool _writesMoves;

    // Which of the structures a number stands for.
    private readonly int[] _indexOf;
    private readonly Reduction[] _parts;
    private readonly WorkerPool.Body _keepRawTypes;
    private readonly WorkerPool.Body _reset;
    private readonly WorkerPool.Body _write;

    private Particles _particles = null!;
    private NativeBuffer<int> _types = null!;
    private double _toHost;
    private double* _displacements;
    private double* _hostPositions;
    private int* _selection;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="result">to fill; it knows the structures, by number</param>
    /// <param name="writesMoves">instead of positions</param>
    public ResultWriter(WorkerPool pool, FrameResult result, bool writesMoves)
    {
        (_pool, _result, _writesMoves) = (pool, result, writesMoves);
        _parts = [.. Enumerable.Range(0, pool.Count).Select(_ => new Reduction(result.Structures.Count))];
        _indexOf = new int[result.Structures[^1].Number + 1];
        for (int k = 0; k < result.Structures.Count; k++)
            _indexOf[result.Structures[k].Number] = k;
        (_keepRawTypes, _reset, _write) = (KeepRawTypes, Reset, Write);
    }

    /// <summary>Takes the structure types before denoising, so that their array is free for those after it.</summary>
    /// <param name="particles">of the frame</param>
    /// <param name="types">[nLocal]</param>
    public void KeepRawTypes(Particles particles, NativeBuffer<int> types)
    {
        (_particles, _types) = (particles, types);
        if (particles.LocalCount < _result.RawTypeRows.Length)
            _result.RawTypeRows.Clear();
        _pool.Run(particles.LocalCount, Grain, _keepRawTypes);
    }

    /// <summary>Fills all rows and adds up the selected atoms of this rank.</summary>
    /// <param name="frame">of the particles</param>
    /// <param name="types">[nLocal] after denoising, of the particles whose raw types were kept</param>
    /// <param name="displacements">[nLocal, 3] D in model Å; null: nothing was denoised</param>
    /// <param name="toHost">lengths of the host per model Å</param>
    /// <param name="sums">receives the sums</param>
    public void Write(in FrameInput frame, NativeBuffer<int> types, double* displacements, double toHost, Reduction sums)
    {
        (_types, _toHost) = (types, toHost);
        _displacements = displacements;
        fixed (double* positions = frame.Positions)
        fixed (int* selection = frame.Selection)
        {
            _hostPositions = positions;
            _selection = frame.Selection.Length == 0 ? null : selection;
            foreach (Reduction part in _parts)
                part.Clear();
            _pool.Run(frame.LocalCount, Grain, _reset);
            _pool.Run(_particles.LocalCount, Grain, _write);
        }

        sums.Clear();
        foreach (Reduction part in _parts)
            sums.Add(part);
    }

    private void KeepRawTypes(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            _result.RawTypeRows[_particles.Rows[i]] = _types[i];
    }

    /// <summary>Every row as if its atom were not seen: type 0, where it was.</summary>
    private void Reset(int begin, int end, int worker)
    {
        int count = end - begin;
        new Span<int>(_result.TypeRows.Pointer + begin, count).Clear();
        new Span<double>(_result.DisplacementRows.Pointer + begin, count).Clear();
        Span<double> rows = new(_result.PositionRows.Pointer + 3L * begin, 3 * count);
        if (_writesMoves)
            rows.Clear();
        else
            new ReadOnlySpan<double>(_hostPositions + 3L * begin, 3 * count).CopyTo(rows);
    }

    private void Write(int begin, int end, int worker)
    {
        Reduction sums = _parts[worker];
        for (int i = begin; i < end; i++)
        {
            int row = _particles.Rows[i];
            if (_selection != null && _selection[row] == 0)
            {
                _result.RawTypeRows[row] = 0;
                continue;
            }

            double length2 = 0;
            if (_displacements != null)
            {
                double* d = _displacements + 3L * i, r = _result.PositionRows.Pointer + 3L * row;
                length2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
                for (int axis = 0; axis < 3; axis++)
                    r[axis] += d[axis] * _toHost;
                _result.DisplacementRows[row] = Math.Sqrt(length2) * _toHost;
            }

            // Atoms of species that are not named: they move, and are counted as nothing.
            if (_types[i] < 0)
            {
                (_result.TypeRows[row], _result.RawTypeRows[row]) = (0, 0);
                sums.AddUnnamed(length2);
                continue;
            }

            _result.TypeRows[row] = _types[i];
            sums.Add(_indexOf[_types[i]], _indexOf[_result.RawTypeRows[row]], length2);
        }
    }
}
