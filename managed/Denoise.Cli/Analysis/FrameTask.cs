using Denoise.Atoms;
using Denoise.Cli.Input;
using Denoise.Structure.Analyses;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>
/// The work of one process that shares frames with others: reads the inputs, passing over the frames of others, works on its own, and
/// encodes them. On one thread at a time.
/// </summary>
/// <param name="source">of this process</param>
/// <param name="worker">of this process alone</param>
/// <param name="frame">to read into</param>
/// <param name="warnings">that this process has not told yet</param>
/// <param name="options">equal on all</param>
internal sealed class FrameTask(
    FrameSource source, FrameWorker worker, Frame frame, List<Warning> warnings, AnalysisOptions options)
{
    private readonly FrameEncoder? _encoder = options.Output is { } output ? new(output) : null;

    // Of analyses that compare with the first frame: whether they have it, and the next one that could be it.
    private bool _hasReference;
    private long _tried;

    /// <summary>How much of the inputs has been read; null where nobody knows.</summary>
    public double? Progress => source.Progress;

    /// <summary>Works on a frame. Failures are part of the message.</summary>
    /// <param name="message">is filled</param>
    /// <param name="k">number among the wanted ones, larger than the last</param>
    /// <param name="goesOn">called before the frame is encoded, if others can follow; null: nothing</param>
    public void Run(FrameMessage message, long k, Action? goesOn)
    {
        FrameNote note = new();
        MessageKind kind;
        message.Clear();
        try
        {
            note.Summary = Work(k);
            kind = note.Summary is null ? MessageKind.End : MessageKind.Good;
        }
        catch (BadFrameException failure)
        {
            (kind, note.Sentence) = (MessageKind.Bad, failure.Message);
        }
        catch (Exception failure)
        {
            kind = Fail(message, note, failure);
        }

        if (kind is MessageKind.Good or MessageKind.Bad)
            goesOn?.Invoke();
        if (kind == MessageKind.Good && _encoder is not null)
            kind = Encode(message, note);
        note.Warnings.AddRange(warnings);
        warnings.Clear();
        message.Complete(kind, k, note);
    }

    private MessageKind Encode(FrameMessage message, FrameNote note)
    {
        try
        {
            message.Encode(_encoder!, frame);
            return MessageKind.Good;
        }
        catch (Exception failure)
        {
            return Fail(message, note, failure);
        }
    }

    private static MessageKind Fail(FrameMessage message, FrameNote note, Exception failure)
    {
        message.Clear();
        message.Failure = failure;
        note.IsOfInput = failure is InputException;
        note.Sentence = note.IsOfInput ? failure.Message : CommandLine.Sentences.OfFailure(failure);
        return MessageKind.Failed;
    }

    /// <summary>Reads a frame and does what was asked for; null: there is none.</summary>
    private FrameSummary? Work(long k)
    {
        for (; options.Memory == FrameMemory.First && !_hasReference && _tried < k; _tried++)
            TakeReference(_tried);
        _tried = Math.Max(_tried, k + 1);
        FrameSummary? summary = WorkOn(k);
        _hasReference |= summary is not null;
        return summary;
    }

    /// <summary>Every process sees the first frame that is well, whoever delivers it.</summary>
    private void TakeReference(long k)
    {
        try
        {
            _hasReference = WorkOn(k) is not null;
        }
        catch (BadFrameException)
        {
            // Told by the process whose frame it is.
        }
    }

    private FrameSummary? WorkOn(long k)
    {
        if (!source.Read(k, frame))
            return null;
        try
        {
            FrameHeader header = worker.Prepare(frame, source.File);
            FrameSummary summary = worker.Work(header, frame, source.File);
            return summary with { Index = options.IsFull ? source.Index : null };
        }
        catch (InputException failure) when (AnalysisRun.IsOfFrame(failure, options))
        {
            throw new BadFrameException($"{failure.Message.TrimEnd('.')}; {source.Place}", failure);
        }
    }
}
