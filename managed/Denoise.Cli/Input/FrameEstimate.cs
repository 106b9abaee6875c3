using Denoise.Atoms.Files;
using Denoise.Trajectories;

namespace Denoise.Cli.Input;

/// <summary>Whether there are frames enough to give every process its own, without reading all.</summary>
internal static class FrameEstimate
{
    // Passing over so much takes less than a second.
    private const long Countable = 64 << 20;

    /// <summary>Whether at least as many frames are wanted as there are processes, as far as can be seen from sizes.</summary>
    public static bool AreAtLeast(int processes, IReadOnlyList<string> files, FrameRange range)
    {
        long frames = 0;
        foreach (string file in files)
        {
            frames += FramesOf(file, processes, range, frames);
            if (range.CountOf(frames) >= processes)
                return true;
        }

        return false;
    }

    private static long FramesOf(string file, int processes, FrameRange range, long before)
    {
        using TrajectoryReader reader = TrajectoryReader.Open(file);
        long size = (long)(FileStatus.Of(file)?.Size ?? 0);
        try
        {
            while (range.CountOf(before + reader.FramesRead) < processes && reader.Skip())
            {
                // Of compressed data, some are read ahead; of much, that is little.
                if (reader.FilePosition is { } position && position > Countable)
                    return (long)(reader.FramesRead * ((double)size / position));
            }
        }
        catch (Atoms.InputException)
        {
            // Whoever wants that frame says what is wrong with it.
            return reader.FramesRead + 1;
        }

        return reader.FramesRead;
    }
}
