using System.Runtime.ExceptionServices;
using Denoise.Atoms.Memory;
using Denoise.Cli.Output;
using Denoise.Parallel;

namespace Denoise.Cli.Analysis;

/// <summary>
/// Every process reads the inputs, passes over the frames of the others, and works on its own alone. Whoever is free asks the first
/// process for a frame, so that neither a slow process nor a large frame keeps the others waiting. Frames are encoded where they are
/// worked on, and the first process puts all in their order: outputs and reports, errors among them, are those of one process.
/// </summary>
internal sealed unsafe class SharedFrames : IDisposable
{
    private readonly Ranks _ranks;
    private readonly FrameTask _task;
    private readonly Delivery _delivery;
    private readonly ProgressBar _progress;
    private readonly FrameMessage _outgoing = new();
    private readonly NativeBuffer<MessageHeader> _question = new(1);
    private readonly Action _ask;
    private bool _hasAsked;

    /// <param name="ranks">all processes</param>
    /// <param name="task">of this one</param>
    /// <param name="delivery">used on the first process</param>
    /// <param name="progress">of the first process</param>
    public SharedFrames(Ranks ranks, FrameTask task, Delivery delivery, ProgressBar progress)
    {
        (_ranks, _task, _delivery, _progress) = (ranks, task, delivery, progress);
        _question[0] = new() { Kind = MessageKind.Question };
        _ask = Ask;
    }

    private IMessagePassing Communicator => _ranks.Communicator;

    /// <param name="first">wanted frame to begin with; counts on the first process</param>
    public void Run(long first)
    {
        Exception? failure = null;
        if (_ranks.IsRoot)
            failure = Deal(first);
        else
            Serve();
        _ranks.OnRoot(() =>
        {
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
        });
    }

    public void Dispose()
    {
        _outgoing.Dispose();
        _question.Dispose();
    }

    private Exception? Deal(long first)
    {
        using FrameDealer dealer = new(Communicator, _task, _delivery, _progress, first);
        try
        {
            dealer.Run();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>On the other processes: works on frames until there are no more, or the first process has enough.</summary>
    private void Serve()
    {
        Ask();
        for (bool goesOn = true; _hasAsked;)
        {
            long k = Answer();
            if (k == FrameQueue.Nothing || !goesOn)
                return;
            _task.Run(_outgoing, k, _ask);
            goesOn = _outgoing.GoesOn;
            _outgoing.Post(Communicator);
            Communicator.CompletePosted();
        }
    }

    /// <summary>Early: the answer arrives while the frame is encoded.</summary>
    private void Ask()
    {
        Communicator.Post(_question.Pointer, sizeof(MessageHeader), 0);
        _hasAsked = true;
    }

    private long Answer()
    {
        long k;
        Communicator.Receive(&k, sizeof(long), 0);
        _hasAsked = false;
        return k;
    }
}
