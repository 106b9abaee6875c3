using Denoise.Atoms;
using Denoise.Fuzz.Mutation;
using Denoise.Trajectories;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// A file of atoms: read to its end through a buffer of a few bytes to a few hundred, so that words and lines break everywhere; a share
/// of the files is analyzed too.
/// </summary>
/// <param name="name">of the target</param>
/// <param name="path">name of the file, which says the format where the content leaves it open</param>
/// <param name="mutator">that knows it</param>
internal class TrajectoryTarget(string name, string path, IMutator mutator) : Target
{
    /// <summary>One file of so many is analyzed: that takes longer than to read it.</summary>
    private const uint AnalyzedShare = 16;

    /// <summary>Frames of a file that are.</summary>
    private const int MostFrames = 2;

    private const int MostAtoms = 64;

    public override string Name => name;

    public override IMutator Mutator => mutator;

    public override void Execute(ReadOnlySpan<byte> input)
    {
        uint draw = InputDraw.Of(input);
        using TrajectoryReader reader = ReaderFactory.Open(new MemoryStream(input.ToArray()), path, 1 + (int)(draw >> 8 & 511));
        using Frame frame = new();
        while (reader.Read(frame))
        {
            Check(frame);
            if (draw % AnalyzedShare == 0 && reader.FramesRead <= MostFrames && frame.Count <= MostAtoms)
                using (FrameAnalysis analysis = new((int)(draw >> 20), frame.Units))
                    analysis.Run(frame, path);
        }

        foreach (string warning in reader.Warnings)
            BrokenPromise.Unless(
                warning.Length is > 0 and <= Running.Limits.MessageCharacters && !warning.Any(char.IsControl), $"a warning: {warning}");
    }

    private static void Check(Frame frame)
    {
        BrokenPromise.Unless(frame.Count >= 0 && frame.Positions.Length == 3L * frame.Count, "positions of another length than atoms");
        BrokenPromise.Unless(frame.Ids.Length == frame.Count && frame.Types.Length == frame.Count, "ids or types of another length");
        foreach (FrameColumn column in frame.Columns)
        {
            BrokenPromise.Unless(column.Count == frame.Count, $"column {column.Name} of another length");
            for (int i = 0; i < column.Count; i++)
                _ = column.TextAt(i);
        }
    }
}
