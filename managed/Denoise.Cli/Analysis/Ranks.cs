using System.Runtime.ExceptionServices;
using Denoise.Atoms;
using Denoise.InSitu;
using Denoise.Parallel;

namespace Denoise.Cli.Analysis;

/// <summary>
/// The processes of an mpirun as one program: a step that fails on one of them fails on all, and one of them says why. Steps are
/// either local work (reading a file) or calls of a session, which agree on their failures themselves.
/// </summary>
internal sealed unsafe class Ranks(IMessagePassing communicator)
{
    /// <summary>This process without the others.</summary>
    public static Ranks Alone { get; } = new(SerialCommunicator.Instance);

    public IMessagePassing Communicator { get; } = communicator;

    public bool IsRoot => Communicator.Rank == 0;

    public bool AreSeveral => Communicator.Size > 1;

    /// <summary>Whether the exception on its way reached all ranks, so that all can end in order; otherwise they must be aborted.</summary>
    public bool FailedTogether { get; private set; }

    /// <summary>
    /// Runs a step on every rank. If it fails on any, this throws on all: the failure itself on the lowest such rank, and
    /// <see cref="OtherRankException"/> elsewhere.
    /// </summary>
    public void Together(Action step)
    {
        Exception? failure = null;
        try
        {
            step();
        }
        catch (Exception caught)
        {
            failure = caught;
        }

        bool hasReason = failure is not null and not SessionException { Error: SessionError.OtherRank };
        int? lowest = Agreement.LowestFailing(Communicator, hasReason);
        if (failure is null && lowest is null)
            return;
        FailedTogether = true;
        if (lowest == Communicator.Rank || !AreSeveral)
            ExceptionDispatchInfo.Throw(failure!);
        throw new OtherRankException();
    }

    public T Together<T>(Func<T> step)
    {
        T result = default!;
        Together(() => { result = step(); });
        return result;
    }

    /// <summary>The same for a step that only the first rank has to do.</summary>
    public void OnRoot(Action step) => Together(() =>
    {
        if (IsRoot)
            step();
    });

    /// <summary>A step whose <see cref="InputException"/> is thrown on all ranks or none.</summary>
    public void Alike(Action step)
    {
        try
        {
            step();
        }
        catch (InputException)
        {
            FailedTogether = true;
            if (IsRoot)
                throw;
            throw new OtherRankException();
        }
    }

    public T Broadcast<T>(T value)
        where T : unmanaged
    {
        Communicator.Broadcast(&value, sizeof(T), 0);
        return value;
    }
}
