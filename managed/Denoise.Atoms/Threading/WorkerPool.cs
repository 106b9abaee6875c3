namespace Denoise.Atoms.Threading;

/// <summary>
/// A fixed team of threads that share one loop at a time. Chunks are handed out dynamically, so a result must not depend on
/// which thread ran a chunk: write per item, or reduce integers. With one thread everything runs on the caller.
/// Not reentrant; one caller at a time. The threads sleep between loops: nothing managed runs while MPI does.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    /// <summary>One chunk of a loop: items [begin, end) by worker <paramref name="worker"/>, 0 &lt;= worker &lt; Count.</summary>
    public delegate void Body(int begin, int end, int worker);

    private readonly Thread[] _threads;
    private readonly NativeSemaphore _start = new();
    private readonly NativeSemaphore _finished = new();

    private Body? _body;
    private Exception? _failure;
    private int _items;
    private int _grain;
    private int _next;
    private int _working;
    private bool _stopping;

    /// <param name="count">threads that work on a loop, the caller included</param>
    public WorkerPool(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _threads = new Thread[count - 1];
        for (int t = 0; t < _threads.Length; t++)
        {
            int worker = t + 1;
            _threads[t] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"denoise worker {worker}" };
            _threads[t].Start();
        }
    }

    /// <summary>Number of workers, the caller included.</summary>
    public int Count { get; }

    /// <summary>
    /// Runs <paramref name="body"/> over [0, items) in chunks of <paramref name="grain"/> and returns when all are done. Keep the
    /// delegate in a field: a lambda written at the call would allocate. The first exception of any chunk is rethrown here.
    /// </summary>
    public void Run(int items, int grain, Body body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        if (items <= 0)
            return;

        int helpers = Math.Min(_threads.Length, (items - 1) / grain);
        (_body, _items, _grain, _next, _working, _failure) = (body, items, grain, 0, helpers, null);
        if (helpers > 0)
            _start.Release(helpers);
        Work(0);
        if (helpers > 0)
            _finished.Wait();

        _body = null;
        if (_failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        if (_threads.Length > 0)
            _start.Release(_threads.Length);
        foreach (Thread thread in _threads)
            thread.Join();
        _start.Dispose();
        _finished.Dispose();
    }

    private void Loop(int worker)
    {
        while (true)
        {
            _start.Wait();
            if (_stopping)
                return;
            Work(worker);
            if (Interlocked.Decrement(ref _working) == 0)
                _finished.Release(1);
        }
    }

    private void Work(int worker)
    {
        try
        {
            while (true)
            {
                int begin = Interlocked.Add(ref _next, _grain) - _grain;
                // The sum may run past the end or, near the largest int, wrap below zero: both mean that nothing is left.
                if ((uint)begin >= (uint)_items)
                    return;
                _body!(begin, (int)Math.Min((long)begin + _grain, _items), worker);
            }
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            Volatile.Write(ref _next, _items);
        }
    }
}
