using Denoise.Atoms;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.InSitu;
using Denoise.Networks.Models;
using Denoise.Structure.Analyses;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Reads files frame by frame, denoises, identifies and analyzes each, reports it, and writes it where asked. Processes share space,
/// or frames; the first one has the outputs. Memory is that of the largest frame.
/// </summary>
internal sealed class AnalysisRun : IDisposable
{
    private readonly AnalysisOptions _options;
    private readonly Ranks _ranks;
    private readonly ProgressBar _progress;
    private readonly Delivery _delivery;
    private readonly FrameSource _source;
    private readonly Frame _frame = new();
    private readonly List<Warning> _warnings = [];
    private FrameWorker? _worker;
    private bool _sharesFrames;

    public AnalysisRun(AnalysisOptions options, Ranks ranks, IFrameReport report, ProgressBar progress)
    {
        (_options, _ranks, _progress) = (options, ranks, progress);
        _delivery = new(options, report, progress);
        _source = new(options.Files, options.Frames, options.SkipBad, Warn);
    }

    /// <exception cref="InputException">
    /// anything wrong with the files, the model or the atoms; then no output file is left, or a part
    /// </exception>
    public void Run()
    {
        _ranks.OnRoot(Check);
        _sharesFrames = _ranks.Broadcast(_sharesFrames);
        _ranks.Together(Open);
        if (_sharesFrames)
            RunFrames();
        else
            RunDomains();
        _ranks.OnRoot(_delivery.Complete);
    }

    public void Dispose()
    {
        _worker?.Dispose();
        _delivery.Dispose();
        _source.Dispose();
        _frame.Dispose();
    }

    /// <summary>On the first process, before hours of work: what is wrong with the files, and what processes share.</summary>
    private void Check()
    {
        bool areFiles = InputFiles.AreRegular(_options.Files);
        if (_ranks.AreSeveral && _options.Split == Split.Frames && !areFiles)
            throw new InputException(
                "--split frames: every process must read the inputs, and one of them is no file; use --split domains.");
        _delivery.Check();
        _source.Check();
        if (_ranks.AreSeveral && _options.Split == Split.Frames && _options.Memory == FrameMemory.All)
            throw new InputException(
                "--split frames: an analysis must see every frame, so that they cannot be shared out; use --split domains.");
        _sharesFrames = _ranks.AreSeveral && areFiles && _options.Memory < FrameMemory.All && _options.Split switch
        {
            Split.Frames => true,
            Split.Domains => false,
            _ => FrameEstimate.AreAtLeast(_ranks.Communicator.Size, _options.Files, _options.Frames),
        };
    }

    private void Open()
    {
        IModel? model = FrameWorker.LoadModel(_options, Warn);
        int threads = _options.Threads ?? (_ranks.AreSeveral ? 1 : Environment.ProcessorCount);
        _worker = new(_options with { Threads = threads }, _sharesFrames ? Ranks.Alone : _ranks, model, Warn);
        if (_ranks.IsRoot)
            _delivery.Open();
    }

    /// <summary>Every process works on frames of its own.</summary>
    private void RunFrames()
    {
        FrameTask task = new(_source, _worker!, _frame, _warnings, _options);
        using SharedFrames shared = new(_ranks, task, _delivery, _progress);
        shared.Run(_delivery.Next);
    }

    /// <summary>All processes work on every frame, which the first one reads.</summary>
    private void RunDomains()
    {
        long first = _ranks.Broadcast(_delivery.First);
        bool hasReference = false;
        // What analyses must have seen is worked on again where a run goes on.
        for (long next = _options.Memory == FrameMemory.None ? first : 0; ; next++)
        {
            bool isAgain = next < first;
            if (isAgain && hasReference && _options.Memory == FrameMemory.First)
                continue;
            FrameHeader header = default;
            _ranks.OnRoot(() => header = ReadNext(next, isAgain));
            header = _ranks.Broadcast(header);
            if (header.Kind == FrameKind.End)
                return;
            if (header.Kind == FrameKind.Good)
                hasReference |= Work(header, isAgain);
        }
    }

    /// <param name="header">of the frame</param>
    /// <param name="isAgain">whether it is delivered already</param>
    /// <returns>whether all is well with it</returns>
    private bool Work(FrameHeader header, bool isAgain)
    {
        FrameSummary summary;
        try
        {
            summary = _worker!.Work(header, _frame, _source.File);
        }
        catch (InputException failure) when (!_ranks.AreSeveral && IsOfFrame(failure, _options))
        {
            if (!isAgain)
                _delivery.LeaveOut($"{failure.Message.TrimEnd('.')}; {_source.Place}");
            return false;
        }

        if (!isAgain)
            _ranks.OnRoot(() => _delivery.Write(new LocalFrame(summary with { Index = _options.IsFull ? _source.Index : null }, _frame)));
        return true;
    }

    /// <summary>Whether a failure is of the frame's atoms, and another frame may do better.</summary>
    public static bool IsOfFrame(InputException failure, AnalysisOptions options) =>
        options.SkipBad && failure.InnerException is SessionException { Error: SessionError.Input };

    private FrameHeader ReadNext(long k, bool isAgain)
    {
        if (k > _delivery.First)
            _progress.Show(_source.Progress, k - _delivery.First);
        try
        {
            if (!_source.Read(k, _frame))
                return new() { Kind = FrameKind.End };
        }
        catch (BadFrameException failure)
        {
            if (!isAgain)
                _delivery.LeaveOut(failure.Message);
            return new() { Kind = FrameKind.Bad };
        }

        _progress.Begin(_source.Index + 1, _frame.Count);
        return _worker!.Prepare(_frame, _source.File);
    }

    /// <summary>Told by the first process, now or when it hears of it.</summary>
    private void Warn(Warning warning)
    {
        if (_ranks.IsRoot && !_sharesFrames)
            _delivery.Warn(warning);
        else
            _warnings.Add(warning);
    }
}
