using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// How ranks fail together: before any collective step every rank says whether it is well, and all leave if one is not, so that no
/// rank waits for one that has left. Costs one reduction of one number.
/// </summary>
public static class Agreement
{
    /// <summary>
    /// Returns on all ranks or throws on all: on a failing rank its own failure, elsewhere <see cref="SessionError.OtherRank"/>
    /// with the lowest failing rank.
    /// </summary>
    /// <param name="communicator">the ranks</param>
    /// <param name="failure">of this rank; null: it is well</param>
    public static void Reach(ICommunicator communicator, Exception? failure)
    {
        Conclude(communicator, Code(communicator, failure is not null), failure);
    }

    /// <summary>The lowest rank that has failed, on all ranks; null: none has.</summary>
    public static int? LowestFailing(ICommunicator communicator, bool hasFailed)
    {
        double code = Code(communicator, hasFailed);
        return code > 0 ? communicator.Size - (int)code : null;
    }

    /// <summary>The lowest rank that cannot do something, on all ranks; null: all can.</summary>
    /// <param name="communicator">the ranks</param>
    /// <param name="can">whether this one can</param>
    /// <exception cref="SessionException">another rank is in <see cref="Fail"/></exception>
    public static int? LowestWithout(ICommunicator communicator, bool can)
    {
        double code = Reduced(communicator, can ? 0 : Lack(communicator));
        Conclude(communicator, IsLack(code) ? 0 : code, null);
        return code > 0 ? WithLack(communicator, code) : null;
    }

    /// <summary>What a rank that lacks something reduces: more the lower it is, and less than any rank that fails.</summary>
    internal static double Lack(ICommunicator communicator) => (communicator.Size - communicator.Rank) / (2.0 * communicator.Size);

    /// <summary>Whether ranks lack something and none fails.</summary>
    internal static bool IsLack(double code) => code is > 0 and < 1;

    /// <summary>The lowest rank that lacks something.</summary>
    internal static int WithLack(ICommunicator communicator, double code) =>
        communicator.Size - (int)Math.Round(code * 2 * communicator.Size);

    /// <summary>Tells the others, who are in <see cref="Reach"/>, that this rank cannot even begin. Its caller has the failure.</summary>
    public static void Fail(ICommunicator communicator)
    {
        try
        {
            _ = Code(communicator, true);
        }
        catch (Exception)
        {
            // The caller is told what went wrong first.
        }
    }

    /// <summary>Fails on all ranks where a number is not the same on all: they were set up differently.</summary>
    /// <param name="communicator">the ranks</param>
    /// <param name="settings">the numbers and what they are called; as many on every rank</param>
    public static void RequireEqual(ICommunicator communicator, (string Name, double Value)[] settings)
    {
        if (communicator.Size == 1)
            return;
        double[] smallest = [.. settings.Select(setting => setting.Value)], largest = [.. smallest];
        communicator.AllReduceMin(smallest);
        communicator.AllReduceMax(largest);
        for (int k = 0; k < settings.Length; k++)
            if (smallest[k] != largest[k])
                throw new SessionException(SessionError.Communication,
                    $"the ranks were given different options or models: '{settings[k].Name}' is not the same on all; " +
                    "give every rank the same (a model's file may differ from folder to folder or from node to node).");
    }

    /// <summary>The same with a code that was reduced together with other numbers.</summary>
    internal static void Conclude(ICommunicator communicator, double code, Exception? failure)
    {
        if (failure is not null)
            throw SessionException.From(failure);
        if (code > 0)
            throw new SessionException(
                SessionError.OtherRank, $"rank {communicator.Size - (int)code} failed in the same call and has the reason.");
    }

    /// <summary>The largest of (size - rank) over the failing ranks, which belongs to the lowest of them; 0: nobody failed.</summary>
    private static double Code(ICommunicator communicator, bool hasFailed) =>
        Reduced(communicator, hasFailed ? communicator.Size - communicator.Rank : 0);

    private static double Reduced(ICommunicator communicator, double own)
    {
        Span<double> code = [own];
        if (communicator.Size > 1)
            communicator.AllReduceMax(code);
        return code[0];
    }
}
