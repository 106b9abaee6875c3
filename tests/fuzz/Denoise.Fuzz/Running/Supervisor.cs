using System.Diagnostics;
using Denoise.Fuzz.Coverage;

namespace Denoise.Fuzz.Running;

/// <summary>Keeps as many workers going as there are cores, the targets in turn, and tells what came of it.</summary>
internal sealed class Supervisor(FuzzOptions options)
{
    /// <summary>Processor seconds that a worker stays with a target before the next one's turn; the first few go into compiling.</summary>
    private const double Turn = 60;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly DateTime _start = DateTime.UtcNow;
    private readonly List<WorkerProcess> _workers = [];
    private readonly Queue<WorkerOrder> _orders = [];
    private readonly Dictionary<string, TargetTotals> _totals = options.Targets.ToDictionary(target => target, _ => new TargetTotals());
    private ulong _workersStarted;

    public int Run()
    {
        Console.WriteLine($"{Instrumenter.Run()} blocks of code are counted");
        Directory.CreateDirectory(Path.Combine(Folders.Work, "run"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _workers.ForEach(worker => worker.Stop());
        foreach (string target in options.Targets)
            _orders.Enqueue(Order(target, options.Executions ?? 0));

        Stopwatch sinceProgress = Stopwatch.StartNew();
        while (_workers.Count > 0 || (_orders.Count > 0 && !IsOver))
        {
            while (!IsOver && _workers.Count < options.Jobs && _orders.TryDequeue(out WorkerOrder? order))
                _workers.Add(new(order with { StateFile = FreeStateFile() }));
            Thread.Sleep(50);
            foreach (WorkerProcess worker in _workers.Where(worker => worker.HasEnded() || IsOver).ToArray())
                End(worker);
            if (sinceProgress.Elapsed.TotalSeconds > 60)
            {
                ShowProgress();
                sinceProgress.Restart();
            }
        }

        ShowTotals();
        return options.Targets.Any(target => FindingsOf(target) > 0) ? 1 : 0;
    }

    private bool IsOver => options.Executions is null && _watch.Elapsed > options.Duration;

    private int FindingsOf(string target) => Findings.Reports(target, _start).Count;

    private WorkerOrder Order(string target, long executions) => new(
        target, "", options.Seed * 1_000_003 + _workersStarted++, executions,
        options.Executions is null ? Turn : double.PositiveInfinity, KeepsCorpus: options.Executions is null);

    private string FreeStateFile()
    {
        for (int k = 0; ; k++)
        {
            string path = Path.Combine(Folders.Work, "run", $"worker-{k}");
            if (_workers.All(worker => worker.Order.StateFile != path))
                return path;
        }
    }

    private void End(WorkerProcess worker)
    {
        _workers.Remove(worker);
        worker.Stop();
        string target = worker.Order.Target;
        TargetTotals totals = _totals[target];
        totals.Add(worker);
        Verdict? last = worker.LastVerdict();
        if (last is not null)
            Findings.Keep(target, last, worker.State.Input);

        // Out of turn for a worker that failed, if it has something left to do; else in turn, as long as there is time.
        long left = (options.Executions ?? 0) - totals.Executions;
        if (options.Executions is null ? !IsOver : last is not null && left > 0)
            _orders.Enqueue(Order(target, Math.Max(left, 0)));
        worker.Dispose();
    }

    private void ShowProgress()
    {
        long executions = _totals.Values.Sum(total => total.Executions) + _workers.Sum(worker => worker.State.Executions);
        int findings = options.Targets.Sum(FindingsOf);
        Console.WriteLine($"{_watch.Elapsed:hh\\:mm\\:ss}  {executions:N0} executions, {findings} findings");
    }

    private void ShowTotals()
    {
        Console.WriteLine($"{"target",-14} {"executions",12} {"per CPU-s",10} {"inputs",7} {"blocks",7} {"findings",9}");
        foreach ((string target, TargetTotals total) in _totals)
            Console.WriteLine($"{target,-14} {total.Executions,12:N0} {total.Executions / Math.Max(total.Seconds, 1e-3),10:N0} " +
                $"{total.PoolSize,7} {total.BlocksReached,7} {FindingsOf(target),9}");
        Console.WriteLine($"{_totals.Values.Sum(total => total.Executions):N0} executions in {_watch.Elapsed.TotalSeconds:N0} s");
        int failed = options.Targets.Count(target => FindingsOf(target) > 0);
        foreach (string report in options.Targets.SelectMany(target => Findings.Reports(target, _start)))
            Console.WriteLine(Findings.Show(report));
        Console.WriteLine($"{_totals.Count - failed} passed, {failed} failed");
    }
}
