using Denoise.Atoms.Memory;
using Denoise.Parallel;

namespace Denoise.InSitu.Frames;

/// <summary>
/// A host's halo for rows that leave some of its atoms out: scatters the rows that we have into the host's [nLocal + nGhost],
/// lets the host fill its ghosts, and gathers those that we have.
/// </summary>
internal sealed unsafe class RowMapHalo : IHalo, IDisposable
{
    private readonly NativeBuffer<double> _hostRows = new();

    private IHalo _host = NoHalo.Instance;
    private NativeBuffer<int>? _rowMap;
    private int _localCount;
    private long _hostCount;

    /// <param name="host">exchanges [hostCount, width]</param>
    /// <param name="rowMap">host row of each of our rows, ours owned first; borrowed</param>
    /// <param name="localCount">our owned rows</param>
    /// <param name="hostCount">rows of the host</param>
    public void Attach(IHalo host, NativeBuffer<int> rowMap, int localCount, long hostCount) =>
        (_host, _rowMap, _localCount, _hostCount) = (host, rowMap, localCount, hostCount);

    public void Forward(float* rows, int width)
    {
        // Two floats per double; the buffer only has to be large enough and aligned.
        float* host = (float*)Reserve((_hostCount * width + 1) / 2);
        Scatter(rows, host, width);
        _host.Forward(host, width);
        Gather(rows, host, width);
    }

    public void Forward(double* rows, int width)
    {
        double* host = Reserve(_hostCount * width);
        Scatter(rows, host, width);
        _host.Forward(host, width);
        Gather(rows, host, width);
    }

    public void Dispose() => _hostRows.Dispose();

    private double* Reserve(long doubles)
    {
        _hostRows.Resize(doubles);
        // Rows of atoms that are left out travel too: as 0, not as what was there.
        _hostRows.Clear();
        return _hostRows.Pointer;
    }

    private void Scatter<T>(T* rows, T* host, int width)
        where T : unmanaged
    {
        for (int i = 0; i < _localCount; i++)
            Copy(rows + (long)i * width, host + (long)_rowMap![i] * width, width);
    }

    private void Gather<T>(T* rows, T* host, int width)
        where T : unmanaged
    {
        for (int i = _localCount; i < _rowMap!.Length; i++)
            Copy(host + (long)_rowMap[i] * width, rows + (long)i * width, width);
    }

    private static void Copy<T>(T* from, T* to, int width)
        where T : unmanaged => new ReadOnlySpan<T>(from, width).CopyTo(new Span<T>(to, width));
}
