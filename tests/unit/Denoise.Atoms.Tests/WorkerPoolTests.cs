using Denoise.Atoms.Threading;

namespace Denoise.Atoms.Tests;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1, 0, 8)]
    [InlineData(1, 100, 7)]
    [InlineData(2, 1, 8)]
    [InlineData(3, 1001, 8)]
    [InlineData(8, 5, 1)]
    public void Run_visits_every_item_once(int workers, int items, int grain)
    {
        using var pool = new WorkerPool(workers);
        int[] visits = new int[items];
        for (int repeat = 0; repeat < 50; repeat++)
            pool.Run(items, grain, (begin, end, worker) =>
            {
                Assert.InRange(worker, 0, workers - 1);
                for (int i = begin; i < end; i++)
                    Interlocked.Increment(ref visits[i]);
            });
        Assert.All(visits, count => Assert.Equal(50, count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_rethrows_a_failure_and_stays_usable(int workers)
    {
        using var pool = new WorkerPool(workers);
        Assert.Throws<InvalidOperationException>(() => pool.Run(100, 1, (begin, _, _) =>
        {
            if (begin == 42)
                throw new InvalidOperationException();
        }));

        int sum = 0;
        pool.Run(10, 1, (begin, _, _) => Interlocked.Add(ref sum, begin));
        Assert.Equal(45, sum);
    }

    /// <summary>No thread misses a loop, whether it spins, sleeps or is about to when the loop begins.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Loops_after_pauses_of_any_length_are_finished(int workers)
    {
        using var pool = new WorkerPool(workers);
        var random = new Random(1);
        int sum = 0, expected = 0;
        for (int loop = 0; loop < 3000; loop++)
        {
            int items = random.Next(2 * workers);
            pool.Run(items, 1, (_, _, _) => Interlocked.Increment(ref sum));
            expected += items;
            Assert.Equal(expected, sum);
            Thread.SpinWait(1 << random.Next(14));
            if (loop % 100 == 0)
                Thread.Sleep(1);
        }
    }
}
