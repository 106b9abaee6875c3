using Denoise.Fuzz.Coverage;
using Denoise.Fuzz.Mutation;
using Denoise.Fuzz.Targets;

namespace Denoise.Fuzz.Running;

/// <summary>The loop of a worker process: pick an input, change it, run it, keep it if it reached new code or is a finding.</summary>
internal sealed class Worker
{
    public const string Command = "worker";

    private readonly WorkerOrder _order;
    private readonly SharedState _state;
    private readonly Target _target;
    private readonly Trial _trial;
    private readonly Random _random;
    private readonly InputPool _pool = new();
    private readonly Draft _draft = new();

    private Worker(WorkerOrder order, SharedState state)
    {
        (_order, _state) = (order, state);
        _target = TargetList.Create(order.Target);
        _trial = new(_target);
        // The constructor takes 31 bits; seeds that differ only above them would be equal.
        _random = new((int)((order.Seed * 0x9E3779B97F4A7C15) >> 33));
    }

    public static int Run(WorkerOrder order)
    {
        Usage.EndWithParent();
        using SharedState state = new(order.StateFile);
        new Worker(order, state).Run();
        return 0;
    }

    private void Run()
    {
        _state.Blocks = CoverageMap.Blocks;
        Usage.LimitGrowth(Limits.AllBytes);
        foreach (byte[] seed in Seeds())
        {
            // A first time to compile the code and to fill what is kept.
            Try(seed);
            _pool.Add(seed);
        }

        if (_order.KeepsCorpus)
            foreach (byte[] input in Inputs(Folders.Corpus(_target.Name)))
                if (Try(input))
                    _pool.Add(input);

        while (!IsDone())
        {
            _draft.Set(_pool.Pick(_random));
            _target.Mutator.Mutate(_draft, _pool.Pick(_random), _random);
            if (Try(_draft.Bytes))
                Add(_draft.Bytes);
        }
    }

    private bool IsDone() =>
        (_order.Executions > 0 && _state.Executions >= _order.Executions) || Usage.Now().Seconds > _order.Seconds;

    private IEnumerable<byte[]> Seeds() => Inputs(Folders.Seeds(_target.Name));

    /// <summary>The short ones first: what the long ones have in common with them is not new then.</summary>
    private static IEnumerable<byte[]> Inputs(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            .Where(input => input.Length <= Limits.InputBytes).OrderBy(input => input.Length)
        : [];

    /// <summary>Whether the input reached new code; findings are kept, and never in the pool.</summary>
    private bool Try(ReadOnlySpan<byte> input)
    {
        _state.Begin(input);
        CoverageMap.Clear();
        Verdict verdict = _trial.Run(input);
        bool isNew = CoverageMap.HasNews();
        // Once more: the first time may have compiled the code, or met a collection.
        if (verdict.Kind is "slow" or "memory")
            verdict = _trial.Run(input);
        if (verdict.IsFinding)
            Findings.Keep(_target.Name, verdict, input);
        return isNew && !verdict.IsFinding;
    }

    private void Add(ReadOnlySpan<byte> input)
    {
        byte[] kept = input.ToArray();
        _pool.Add(kept);
        (_state.PoolSize, _state.BlocksReached) = (_pool.Count, CoverageMap.Reached);
        if (!_order.KeepsCorpus)
            return;
        string folder = Folders.Corpus(_target.Name);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Findings.Name(kept)), kept);
    }
}
