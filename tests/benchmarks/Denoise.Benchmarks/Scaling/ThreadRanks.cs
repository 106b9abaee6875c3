using System.Collections.Concurrent;

namespace Denoise.Benchmarks;

/// <summary>Ranks that are threads of this process, to count what real ones would send.</summary>
/// <param name="size">ranks</param>
internal sealed class ThreadRanks(int size) : IDisposable
{
    private readonly ConcurrentDictionary<(int From, int To), BlockingCollection<byte[]>> _mail = new();

    public int Size => size;

    public Barrier Barrier { get; } = new(size);

    /// <summary>What each rank shows the others between two barriers.</summary>
    public object?[] Shown { get; } = new object?[size];

    public void Post(int from, int to, byte[] message) => Box(from, to).Add(message);

    public byte[] Take(int from, int to) => Box(from, to).Take();

    public bool HasMail(int from, int to) => Box(from, to).Count > 0;

    /// <summary>Runs the same on every rank; the first failure ends the program, because the other ranks wait for ever.</summary>
    public void Run(Action<ThreadRank> body)
    {
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                body(new(this, rank));
            }
            catch (Exception failure)
            {
                Console.Error.WriteLine($"rank {rank}: {failure}");
                Environment.Exit(1);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
    }

    public void Dispose()
    {
        Barrier.Dispose();
        foreach (var box in _mail.Values)
            box.Dispose();
    }

    private BlockingCollection<byte[]> Box(int from, int to) => _mail.GetOrAdd((from, to), _ => []);
}
