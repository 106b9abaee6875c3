namespace Denoise.Fuzz.Running;

/// <summary>What the workers of a target have done.</summary>
internal sealed class TargetTotals
{
    public long Executions { get; private set; }

    public double Seconds { get; private set; }

    public long BlocksReached { get; private set; }

    public long PoolSize { get; private set; }

    public void Add(WorkerProcess worker)
    {
        Executions += worker.State.Executions;
        Seconds += worker.Seconds;
        BlocksReached = Math.Max(BlocksReached, worker.State.BlocksReached);
        PoolSize = Math.Max(PoolSize, worker.State.PoolSize);
    }
}
