using Denoise.InSitu.Timing;

namespace Denoise.InSitu.Native;

/// <summary><c>dn_frame</c> to a session and its result back to <c>dn_result</c>, without a copy on the way in.</summary>
internal static unsafe class Frames
{
    /// <summary>A rank that cannot even form a frame still meets the others: <see cref="Session.Abstain"/>.</summary>
    public static void Process(HostedSession hosted, DnFrame* frame, DnResult* result)
    {
        FrameInput input;
        try
        {
            DnFrame copy = Structs.Read<DnFrame>(frame, "frame");
            Structs.Peek<DnResult>(result, "result");
            input = Input(hosted, copy);
        }
        catch (Exception)
        {
            hosted.Session.Abstain();
            throw;
        }

        hosted.Last = null;
        hosted.Last = hosted.Session.Process(input);
        Output(hosted.Last, input.LocalCount, result);
    }

    private static FrameInput Input(HostedSession hosted, DnFrame frame)
    {
        if (frame.NLocal < 0 || frame.NGhost < 0)
            throw Wrong($"n_local {frame.NLocal} and n_ghost {frame.NGhost} must not be negative.");
        long count = (long)frame.NLocal + frame.NGhost;
        if (3 * count > int.MaxValue)
            throw Wrong($"{count} atoms are more than one rank can take (715827882); use more ranks.");
        if (frame.Positions == null && count > 0)
            throw Wrong($"positions: is NULL although n_local + n_ghost is {count}.");
        int n = (int)count;
        return new FrameInput
        {
            Step = frame.Step,
            LocalCount = frame.NLocal,
            Positions = new(frame.Positions, 3 * n),
            Types = new(frame.Types, frame.Types == null ? 0 : n),
            Ids = new(frame.Ids, frame.Ids == null ? 0 : n),
            Selection = new(frame.Selection, frame.Selection == null ? 0 : frame.NLocal),
            Forces = new(frame.Forces, frame.Forces == null ? 0 : 3 * frame.NLocal),
            Box = hosted.BoxOf(in frame),
            Cell = hosted.CellOf(in frame),
            GhostCutoff = frame.GhostCutoff,
            Halo = hosted.Host,
        };
    }

    private static void Output(FrameResult from, int localCount, DnResult* target)
    {
        DnResult result = Structs.Peek<DnResult>(target, "result");
        Copy(from.StructureTypes, result.StructureTypes, localCount);
        Copy(from.RawStructureTypes, result.StructureTypesRaw, localCount);
        Copy(from.Positions, result.Positions, 3 * localCount);
        Copy(from.Displacements, result.Displacements, localCount);
        CopyCounts(from, from.Counts, result.Counts);
        CopyCounts(from, from.RawCounts, result.CountsRaw);
        result.RmsDisplacement = from.RmsDisplacement;
        result.Scale = from.Scale;
        result.LargestPrediction = from.LargestPrediction;
        result.Iterations = from.Iterations;
        result.Warnings = (int)from.Warnings;
        result.Seconds = from.Times.Total;
        result.SecondsScale = from.Times[Stage.Scale];
        result.SecondsGraph = from.Times[Stage.Graph];
        result.SecondsNetwork = from.Times[Stage.Network];
        result.SecondsHalo = from.Times[Stage.Communication];
        result.SecondsIdentify = from.Times[Stage.Identify];
        result.SecondsOutput = from.Times[Stage.Output];
        result.AtomsSeen = from.Outside.Seen;
        result.AtomsHeld = from.Outside.Held;
        result.AtomsBeyondNoise = from.Outside.BeyondNoise;
        result.AtomsOddDensity = from.Outside.OddDensity;
        result.AtomsUnsettled = from.Outside.Unsettled;
        result.AtomsAstray = from.Outside.Astray;
        result.LargestMove = from.LargestMove;
        Structs.Write(target, result, "result");
    }

    /// <summary>Those that have a place of their own in the result, by their numbers.</summary>
    private static void CopyCounts(FrameResult from, ReadOnlySpan<long> counts, long* target)
    {
        new Span<long>(target, Dn.DN_STRUCTURE_COUNT).Clear();
        for (int k = 0; k < counts.Length; k++)
            if (from.Structures[k].Number < Dn.DN_STRUCTURE_COUNT)
                target[from.Structures[k].Number] = counts[k];
    }

    private static void Copy<T>(ReadOnlySpan<T> rows, T* target, int count)
        where T : unmanaged
    {
        if (target != null)
            rows[..count].CopyTo(new Span<T>(target, count));
    }

    private static SessionException Wrong(string what) => new(SessionError.Argument, "frame: " + what);
}
