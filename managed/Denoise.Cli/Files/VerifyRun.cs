using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Output;
using Denoise.Trajectories;

namespace Denoise.Cli.Files;

/// <summary>Reads a .dnz file to its end, beside its original where that is given.</summary>
internal static class VerifyRun
{
    public static int Run(string path, string? original)
    {
        using TrajectoryReader reader = TrajectoryReader.Open(path);
        if (reader.Format != TrajectoryFormats.Compressed)
            throw new InputException($"{path}: is {reader.Format}, which has no checksums; give a .dnz file");
        using TrajectoryReader? other = original is null ? null : TrajectoryReader.Open(original);
        using Frame frame = new(), beside = new();
        long frames = 0, atoms = 0, bad = 0;
        double largest = 0;
        for (bool isAtEnd = false; !isAtEnd;)
            try
            {
                isAtEnd = !reader.Read(frame);
                if (isAtEnd)
                    break;
                frames++;
                atoms += frame.Count;
                if (other is not null)
                    largest = Math.Max(largest, Compare(frame, beside, reader, other));
            }
            catch (InputException damage) when (damage is not DifferenceException)
            {
                bad++;
                DenoiseCommand.Fail(damage.Message);
                isAtEnd = !reader.Recover();
                if (!isAtEnd && other is not null)
                    _ = other.Skip();
            }

        foreach (string warning in reader.Warnings)
            DenoiseCommand.Warn(warning);
        if (other is not null && bad == 0 && other.Skip())
            throw new DifferenceException($"{path}: has {frames} frames, and {original} has more");
        TextWriter text = StandardStreams.CreateOutput();
        text.Write(string.Create(CultureInfo.InvariantCulture, $"{frames} frames of {atoms} atoms are whole"));
        if (bad > 0)
            text.Write($"; {bad} are damaged");
        if (original is not null)
            text.Write(string.Create(CultureInfo.InvariantCulture, $"; no coordinate is farther than {largest:g6} from the original"));
        text.WriteLine();
        text.Flush();
        return bad > 0 || reader.Warnings.Count > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    /// <summary>Largest distance of a coordinate from the original's.</summary>
    private static double Compare(Frame frame, Frame original, TrajectoryReader reader, TrajectoryReader originals)
    {
        string place = $"frame {reader.FramesRead} of {reader.Path}";
        if (!originals.Read(original))
            throw new DifferenceException($"{place}: {originals.Path} has no such frame");
        if (frame.Step != original.Step || frame.Count != original.Count)
            throw new DifferenceException(
                $"{place}: has {frame.Count} atoms at step {frame.Step}, the original {original.Count} at step {original.Step}");
        int[] order = IdOrder.Of(original.Ids.Span);
        double bound = reader.Bound ?? 0, largest = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int j = order[i];
            if (frame.Ids[i] != original.Ids[j] || frame.Types[i] != original.Types[j])
                throw new DifferenceException($"{place}: atom {frame.Ids[i]} of type {frame.Types[i]} is atom {original.Ids[j]} of type " +
                    $"{original.Types[j]} in the original; without ids (--no-ids) or with equal ones atoms cannot be compared");
            for (int a = 0; a < 3; a++)
            {
                double error = Math.Abs(frame.Positions[3L * i + a] - original.Positions[3L * j + a]);
                largest = Math.Max(largest, error);
                if (!(error <= bound))
                    throw new DifferenceException(FormattableString.Invariant(
                        $"{place}: atom {frame.Ids[i]} is {error} from where it was along {"xyz"[a]}; the bound is {bound}"));
            }
        }

        return largest;
    }

    private sealed class DifferenceException(string message) : InputException(message);
}
