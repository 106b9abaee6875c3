using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Structure.Soap;
using Denoise.Trajectories;

namespace Denoise.Cli.Training;

/// <summary>Distances from references in frames that <c>denoise analyze --with reference:FILE</c> wrote.</summary>
internal static class DistanceSource
{
    // Tens of millions say no more.
    private const int Most = 50_000_000;

    /// <summary>The threshold that their gap gives, in all frames of the files together.</summary>
    /// <param name="words">names of files, or patterns</param>
    /// <exception cref="InputException">there are no such distances, or no gap</exception>
    public static double Threshold(IReadOnlyList<string> words)
    {
        List<double> distances = [];
        IReadOnlyList<string> files = InputFiles.Expand(words);
        foreach (string file in files)
            Read(file, distances);
        double gap = DistanceGap.Find(distances);
        return double.IsFinite(gap) ? gap : throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"{string.Join(", ", files)}: the {distances.Count} distances have no gap; give frames with atoms of the structures and atoms "
            + $"of none, denoised, or say --threshold."));
    }

    private static void Read(string file, List<double> distances)
    {
        using var reader = TrajectoryReader.Open(file);
        using Frame frame = new();
        while (reader.Read(frame))
        {
            FrameColumn column = frame.FindColumn(ReferenceAnalysis.DistanceColumn) is { Kind: not ColumnKind.Text } found ? found
                : throw new InputException($"{file}: has no column {ReferenceAnalysis.DistanceColumn}; let 'denoise analyze --with "
                    + $"{ReferenceAnalysis.Kind.Name}:FILE -o' write it.");
            // Atoms that are not named have 0.
            for (int i = 0; i < frame.Count; i++)
                if (column.RealAt(i) is > 0 and < double.PositiveInfinity and double distance)
                    distances.Add(distance);
            if (distances.Count > Most)
                throw new InputException($"{file}: {Most} distances are enough; give fewer frames.");
        }

        foreach (string warning in reader.Warnings)
            DenoiseCommand.Warn(warning);
    }
}
