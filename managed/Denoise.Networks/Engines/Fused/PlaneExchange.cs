using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Fused;

/// <summary>Brings planes of features to the ghosts: as rows without padding, whose width does not depend on the vectors used.</summary>
internal sealed unsafe class PlaneExchange : IDisposable
{
    private const int Grain = 256;

    private readonly WorkerPool _pool;
    private readonly WorkerPool.Body _pack;
    private readonly WorkerPool.Body _unpack;
    private readonly NativeBuffer<float> _rows = new();

    private BlockPlanes _planes = null!;
    private int _atoms;
    private int _width;

    public PlaneExchange(WorkerPool pool) => (_pool, _pack, _unpack) = (pool, Pack, Unpack);

    public long MemoryBytes => _rows.CapacityBytes;

    /// <summary>Floats of an exchanged row.</summary>
    public static int Width(BlockPlanes planes)
    {
        int width = 0;
        foreach (int slot in planes.Slots)
            width += planes[slot].Block.Dimension;
        return width;
    }

    /// <param name="planes">rows of atoms, which are there, and behind them of ghosts</param>
    /// <param name="atoms">owned</param>
    /// <param name="rows">owned and ghosts</param>
    /// <param name="halo">what exchanges</param>
    public void Run(BlockPlanes planes, int atoms, int rows, IHalo halo)
    {
        (_planes, _atoms, _width) = (planes, atoms, Width(planes));
        // One more, so that there is a pointer where there are no atoms.
        _rows.Resize((long)rows * _width + 1);
        _pool.Run(atoms, Grain, _pack);
        halo.Forward(_rows.Pointer, _width);
        _pool.Run(rows - atoms, Grain, _unpack);
    }

    public void Dispose() => _rows.Dispose();

    private void Pack(int begin, int end, int worker)
    {
        float* to = _rows.Pointer + (long)begin * _width;
        for (int atom = begin; atom < end; atom++)
            foreach (int slot in _planes.Slots)
            {
                BlockPlane plane = _planes[slot];
                float* from = plane.Row(atom);
                for (int m = 0; m < plane.Components; m++, from += plane.Channels, to += plane.Multiplicity)
                    new ReadOnlySpan<float>(from, plane.Multiplicity).CopyTo(new(to, plane.Multiplicity));
            }
    }

    private void Unpack(int begin, int end, int worker)
    {
        float* from = _rows.Pointer + (_atoms + (long)begin) * _width;
        for (int ghost = _atoms + begin; ghost < _atoms + end; ghost++)
            foreach (int slot in _planes.Slots)
            {
                BlockPlane plane = _planes[slot];
                float* to = plane.Row(ghost);
                for (int m = 0; m < plane.Components; m++, to += plane.Channels, from += plane.Multiplicity)
                    new ReadOnlySpan<float>(from, plane.Multiplicity).CopyTo(new(to, plane.Multiplicity));
            }
    }
}
