using System.Runtime.ExceptionServices;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Parallel;
using Denoise.Structure.Analyses;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Every process reads the inputs, passes over the frames of the others, and works on its own alone: wanted frame k belongs to process
/// k mod P. It encodes them and sends them to the first process, which puts all in their order: outputs and reports, errors among
/// them, are those of one process.
/// </summary>
internal sealed unsafe class SharedFrames : IDisposable
{
    private readonly Ranks _ranks;
    private readonly FrameSource _source;
    private readonly FrameWorker _worker;
    private readonly Frame _frame;
    private readonly Delivery _delivery;
    private readonly List<Warning> _warnings;
    private readonly AnalysisOptions _options;
    private readonly ProgressBar _progress;
    private readonly FrameEncoder? _encoder;
    private readonly NativeBuffer<byte> _encoded = new();
    private readonly NativeBuffer<byte> _note = new();
    private readonly OutgoingFrame[] _outgoing = [new(), new()];
    private readonly bool[] _hasEnded;

    // Of analyses that compare with the first frame: whether they have it, and the next one that could be it.
    private bool _hasReference;
    private long _tried;

    /// <param name="ranks">all processes</param>
    /// <param name="source">of this one</param>
    /// <param name="worker">of this one alone</param>
    /// <param name="frame">to read into</param>
    /// <param name="delivery">used on the first process</param>
    /// <param name="warnings">that this process has not sent yet</param>
    /// <param name="options">equal on all</param>
    /// <param name="progress">of the first process</param>
    public SharedFrames(
        Ranks ranks, FrameSource source, FrameWorker worker, Frame frame, Delivery delivery, List<Warning> warnings,
        AnalysisOptions options, ProgressBar progress)
    {
        (_ranks, _source, _worker, _frame, _delivery) = (ranks, source, worker, frame, delivery);
        (_warnings, _options, _progress) = (warnings, options, progress);
        _encoder = options.Output is { } output ? new(output) : null;
        _hasEnded = new bool[Communicator.Size];
    }

    private IMessagePassing Communicator => _ranks.Communicator;

    /// <param name="first">wanted frame to begin with</param>
    public void Run(long first)
    {
        first = _ranks.Broadcast(first);
        Exception? failure = null;
        if (_ranks.IsRoot)
            failure = Deliver(first);
        else
            Serve(first);
        _ranks.OnRoot(() =>
        {
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
        });
    }

    public void Dispose()
    {
        _encoded.Dispose();
        _note.Dispose();
        foreach (OutgoingFrame frame in _outgoing)
            frame.Dispose();
    }

    /// <summary>On the first process: all frames in their order, until there are no more, or one fails.</summary>
    private Exception? Deliver(long first)
    {
        try
        {
            for (long k = first; DeliverOne(k); k++)
                _progress.Show(_source.Progress, k + 1 - first);
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
        finally
        {
            Dismiss();
        }
    }

    private bool DeliverOne(long k)
    {
        int owner = (int)(k % Communicator.Size);
        if (owner > 0)
            return Receive(owner, goesOn: true);
        FrameSummary? summary;
        try
        {
            summary = Work(k);
        }
        catch (BadFrameException failure)
        {
            _delivery.LeaveOut(failure.Message);
            return true;
        }

        if (summary is null)
            return false;
        _delivery.Write(new LocalFrame(summary, _frame));
        return true;
    }

    /// <summary>Ends the others, each of which has one more message.</summary>
    private void Dismiss()
    {
        for (int rank = 1; rank < Communicator.Size; rank++)
            if (!_hasEnded[rank])
                Receive(rank, goesOn: false);
    }

    /// <summary>Takes a message; false: the process has no more frames.</summary>
    /// <param name="rank">of whom</param>
    /// <param name="goesOn">whether it counts, and others will follow</param>
    private bool Receive(int rank, bool goesOn)
    {
        MessageHeader header;
        Communicator.Receive(&header, sizeof(MessageHeader), rank);
        _note.Resize(header.NoteBytes);
        _encoded.Resize(header.FrameBytes);
        if (header.NoteBytes > 0)
            Communicator.Receive(_note.Pointer, header.NoteBytes, rank);
        if (header.FrameBytes > 0)
            Communicator.Receive(_encoded.Pointer, header.FrameBytes, rank);
        _hasEnded[rank] = !goesOn || header.Kind is MessageKind.End or MessageKind.Failed;
        if (header.Kind is MessageKind.Good or MessageKind.Bad)
        {
            long answer = goesOn ? 1 : 0;
            Communicator.Send(&answer, sizeof(long), rank);
        }

        if (!goesOn)
            return false;
        FrameNote note = FrameNote.Read(_note.Span);
        foreach (Warning warning in note.Warnings)
            _delivery.Warn(warning);
        switch (header.Kind)
        {
            case MessageKind.Good:
                _delivery.Write(new EncodedFrame(note.Summary!, _encoded, header.Piece));
                return true;
            case MessageKind.Bad:
                _delivery.LeaveOut(note.Sentence);
                return true;
            case MessageKind.Failed:
                throw note.IsOfInput ? new InputException(note.Sentence) : new RankFailedException(note.Sentence);
            default:
                return false;
        }
    }

    /// <summary>
    /// On the other processes: works on frames until there are no more, or the first process has enough. A frame travels while the next
    /// is worked on.
    /// </summary>
    private void Serve(long first)
    {
        int size = Communicator.Size, rank = Communicator.Rank;
        long k = first + ((rank - first) % size + size) % size;
        bool goesOn = true, hasPosted = false;
        for (int turn = 0; goesOn; k += size, turn ^= 1)
        {
            OutgoingFrame frame = _outgoing[turn];
            goesOn = Prepare(frame, k);
            if (hasPosted && !IsMoreWanted())
                return;
            frame.Post(Communicator);
            hasPosted = true;
        }

        Communicator.CompletePosted();
    }

    /// <summary>Whether the first process, having taken the frame that was posted, waits for another.</summary>
    private bool IsMoreWanted()
    {
        Communicator.CompletePosted();
        long answer;
        Communicator.Receive(&answer, sizeof(long), 0);
        return answer != 0;
    }

    /// <returns>whether others will follow</returns>
    private bool Prepare(OutgoingFrame outgoing, long k)
    {
        FrameNote note = new();
        MessageKind kind;
        outgoing.Clear();
        try
        {
            note.Summary = Work(k);
            kind = note.Summary is null ? MessageKind.End : MessageKind.Good;
            if (note.Summary is not null && _encoder is not null)
                outgoing.Encode(_encoder, _frame);
        }
        catch (BadFrameException failure)
        {
            (kind, note.Sentence) = (MessageKind.Bad, failure.Message);
        }
        catch (Exception failure)
        {
            (kind, note.IsOfInput) = (MessageKind.Failed, failure is InputException);
            note.Sentence = note.IsOfInput ? failure.Message : CommandLine.Sentences.OfFailure(failure);
            outgoing.Clear();
        }

        note.Warnings.AddRange(_warnings);
        _warnings.Clear();
        outgoing.Complete(kind, note);
        return kind is MessageKind.Good or MessageKind.Bad;
    }

    /// <summary>Reads a frame and does what was asked for; null: there is none.</summary>
    private FrameSummary? Work(long k)
    {
        for (; _options.Memory == FrameMemory.First && !_hasReference && _tried < k; _tried++)
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
        if (!_source.Read(k, _frame))
            return null;
        try
        {
            FrameHeader header = _worker.Prepare(_frame, _source.File);
            FrameSummary summary = _worker.Work(header, _frame, _source.File);
            return summary with { Index = _options.IsFull ? _source.Index : null };
        }
        catch (InputException failure) when (AnalysisRun.IsOfFrame(failure, _options))
        {
            throw new BadFrameException($"{failure.Message.TrimEnd('.')}; {_source.Place}", failure);
        }
    }
}
