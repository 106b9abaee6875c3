using Denoise.Atoms.Threading;

namespace Denoise.Networks.Tests.Support;

/// <summary>A pool of its own for every engine of a test: domains run at the same time, and a pool runs one loop at a time.</summary>
internal sealed class WorkerPools : IDisposable
{
    private readonly List<WorkerPool> _pools = [];

    public WorkerPool Add(int threads)
    {
        var pool = new WorkerPool(threads);
        lock (_pools)
            _pools.Add(pool);
        return pool;
    }

    public void Dispose() => _pools.ForEach(pool => pool.Dispose());
}
