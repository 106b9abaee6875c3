using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Denoise.Atoms;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Parallel;

namespace Denoise.Cli.Analysis;

/// <summary>
/// On the first process: deals frames out to whoever is free, itself included, and delivers them in their order. One thread speaks with
/// the other processes, and writes; another works on frames as they do.
/// </summary>
internal sealed unsafe class FrameDealer : IDisposable
{
    // Enough for a process that is several times slower than the others.
    private const int MostAheadPerProcess = 8;

    // Who waits looks again after a part of the time that it has waited.
    private const double NapShare = 1.0 / 64;
    private static readonly TimeSpan LongestNap = TimeSpan.FromMilliseconds(2);

    private readonly IMessagePassing _communicator;
    private readonly FrameTask _task;
    private readonly Delivery _delivery;
    private readonly ProgressBar _progress;
    private readonly FrameQueue _queue;
    private readonly Peer[] _peers;
    private double? _read;

    /// <param name="communicator">all processes</param>
    /// <param name="task">of this process</param>
    /// <param name="delivery">where frames end</param>
    /// <param name="progress">of the run</param>
    /// <param name="first">wanted frame to begin with</param>
    public FrameDealer(IMessagePassing communicator, FrameTask task, Delivery delivery, ProgressBar progress, long first)
    {
        (_communicator, _task, _delivery, _progress) = (communicator, task, delivery, progress);
        _queue = new(first, (long)MostAheadPerProcess * communicator.Size);
        _peers = [.. Enumerable.Range(1, communicator.Size - 1).Select(rank => new Peer(rank))];
    }

    /// <summary>All frames in their order, until there are no more, or one fails. The other processes have ended then.</summary>
    public void Run()
    {
        Thread own = new(Work) { IsBackground = true };
        own.Start();
        try
        {
            for (long frames = 1; DeliverOne(); frames++)
                _progress.Show(_read, frames);
        }
        finally
        {
            _queue.End();
            while (!Array.TrueForAll(_peers, peer => peer.HasEnded))
                if (!Listen(isOver: true))
                    Nap.For(LongestNap);
            own.Join();
        }
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>What this process does of the work itself.</summary>
    private void Work()
    {
        bool goesOn = true;
        while (goesOn && _queue.Deal() is var k and not FrameQueue.Nothing)
        {
            FrameMessage message = _queue.Rent();
            _task.Run(message, k, null);
            message.Progress = _task.Progress;
            goesOn = message.GoesOn;
            _queue.Add(message);
        }
    }

    private bool DeliverOne()
    {
        FrameMessage message = Await();
        try
        {
            return Deliver(message);
        }
        finally
        {
            _queue.Return(message);
        }
    }

    private FrameMessage Await()
    {
        for (long begin = Stopwatch.GetTimestamp(); ;)
        {
            if (_queue.TryTake() is { } message)
                return message;
            if (Listen(isOver: false))
                begin = Stopwatch.GetTimestamp();
            else
                Nap.For(TimeSpan.FromTicks(Math.Min(LongestNap.Ticks, (long)(Stopwatch.GetElapsedTime(begin).Ticks * NapShare))));
        }
    }

    private bool Deliver(FrameMessage message)
    {
        FrameNote note = message.Note;
        foreach (Warning warning in note.Warnings)
            _delivery.Warn(warning);
        _read = message.Progress ?? _read;
        switch (message.Header.Kind)
        {
            case MessageKind.Good:
                _delivery.Write(new EncodedFrame(note.Summary!, message.Encoded, message.Header.Piece));
                return true;
            case MessageKind.Bad:
                _delivery.LeaveOut(note.Sentence);
                return true;
            case MessageKind.Failed:
                if (message.Failure is { } failure)
                    ExceptionDispatchInfo.Throw(failure);
                throw note.IsOfInput ? new InputException(note.Sentence) : new RankFailedException(note.Sentence);
            default:
                return false;
        }
    }

    /// <summary>Takes what has arrived, and answers; whether there was anything.</summary>
    /// <param name="isOver">whether frames count no more</param>
    private bool Listen(bool isOver)
    {
        bool any = false;
        foreach (Peer peer in _peers)
        {
            while (!peer.HasEnded && Hear(peer, isOver))
                any = true;
            if (peer.IsAsking && _queue.TryDeal() is { } k)
            {
                any = true;
                Answer(peer, k);
            }
        }

        return any;
    }

    private bool Hear(Peer peer, bool isOver)
    {
        if (peer.Announced is null)
        {
            if (!_communicator.HasArrived(peer.Rank))
                return false;
            MessageHeader header;
            _communicator.Receive(&header, sizeof(MessageHeader), peer.Rank);
            if (header.Kind == MessageKind.Question)
                peer.IsAsking = true;
            else
                peer.Announced = header;
            return true;
        }

        if (!isOver && !_queue.HasRoomFor(peer.Announced.Value))
            return false;
        FrameMessage message = _queue.Rent();
        message.Receive(_communicator, peer.Rank, peer.Announced.Value);
        peer.Announced = null;
        peer.IsLast |= !message.GoesOn;
        peer.Owes = message.GoesOn ? peer.Owes - 1 : 0;
        if (isOver)
            _queue.Discard(message);
        else
            _queue.Add(message);
        return true;
    }

    private void Answer(Peer peer, long k)
    {
        _communicator.Send(&k, sizeof(long), peer.Rank);
        peer.IsAsking = false;
        peer.IsLast |= k == FrameQueue.Nothing;
        peer.Owes += peer.IsLast ? 0 : 1;
    }

    /// <summary>What this process knows of another.</summary>
    private sealed class Peer(int rank)
    {
        public int Rank { get; } = rank;

        /// <summary>What it has begun to send.</summary>
        public MessageHeader? Announced { get; set; }

        public bool IsAsking { get; set; }

        /// <summary>Frames that it works on.</summary>
        public int Owes { get; set; }

        /// <summary>Whether it asks for no more.</summary>
        public bool IsLast { get; set; }

        public bool HasEnded => IsLast && !IsAsking && Owes == 0;
    }
}
