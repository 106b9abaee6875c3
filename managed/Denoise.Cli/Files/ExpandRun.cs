using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Trajectories;

namespace Denoise.Cli.Files;

/// <summary>Reads frames of one file and writes them to another.</summary>
internal sealed class ExpandRun
{
    public const string Outputs = "The file to write: .dump, .lammpstrj, .xyz, .extxyz or .xtc, also followed by .gz or .zst; .dcd "
        + "or .nc (NetCDF), which VMD and MDAnalysis read; - is standard output, as a dump.";

    public required string Input { get; init; }

    public required string Output { get; init; }

    public required FrameRange Range { get; init; }

    /// <summary>Opposite corners; null: all.</summary>
    public (Vec3 Low, Vec3 High)? Region { get; init; }

    public bool Salvages { get; init; }

    /// <summary>For noise that is drawn anew; null: none is.</summary>
    public int? Seed { get; init; }

    public bool Force { get; init; }

    public int Run()
    {
        OutputRules.CheckFrames(Output, [Input], Force);
        using TrajectoryReader reader = Input == InputFiles.StandardInput
            ? TrajectoryReader.Open(Console.OpenStandardInput(), "standard input") : TrajectoryReader.Open(Input);
        reader.Salvages = Salvages;
        reader.Region = Region;
        using TrajectoryWriter writer = TrajectoryWriter.Create(Output);
        using Frame frame = new();
        Random? random = Seed is { } seed ? new(seed) : null;
        ProgressBar progress = ProgressBar.ForConsole(isRoot: true);
        int told = 0;
        long next = 0, atoms = 0;
        try
        {
            for (long k = 0; Range.At(k) is { } wanted && Reach(reader, wanted, frame, ref next); k++)
            {
                Tell();
                if (random is not null)
                    Resample(frame, random);
                if (Region is { } region)
                    Keep(frame, region);
                writer.Write(frame);
                atoms += frame.Count;
                progress.Show(reader.Progress, writer.FramesWritten);
            }
        }
        finally
        {
            Tell();
        }

        if (writer.FramesWritten == 0)
            throw new InputException($"{Input}: has none of the frames that are wanted; nothing was written");
        writer.Complete();
        if (Output != OptionParsers.StandardOutput)
        {
            TextWriter text = StandardStreams.CreateOutput();
            text.WriteLine($"{writer.FramesWritten} frames, {atoms} atoms");
            text.Flush();
        }

        return ExitCode.Success;

        void Tell()
        {
            progress.Clear();
            for (; told < reader.Warnings.Count; told++)
                DenoiseCommand.Warn(reader.Warnings[told]);
        }
    }

    /// <summary>Reads a frame, behind others that are passed over; false: there are not so many.</summary>
    private bool Reach(TrajectoryReader reader, long wanted, Frame frame, ref long next)
    {
        while (true)
            try
            {
                bool isWanted = next == wanted;
                if (!(isWanted ? reader.Read(frame) : reader.Skip()))
                    return false;
                next++;
                if (isWanted)
                    return true;
            }
            catch (InputException damage) when (Salvages && reader.Recover())
            {
                DenoiseCommand.Warn(damage.Message);
                next++;
                wanted = Math.Max(wanted, next);
            }
    }

    private static void Keep(Frame frame, (Vec3 Low, Vec3 High) region)
    {
        List<int> kept = [];
        for (int i = 0; i < frame.Count; i++)
        {
            bool isInside = true;
            for (int a = 0; a < 3; a++)
                isInside &= frame.Positions[3L * i + a] >= region.Low[a] && frame.Positions[3L * i + a] <= region.High[a];
            if (isInside)
                kept.Add(i);
        }

        frame.Keep([.. kept]);
    }

    /// <summary>Adds Gaussian noise of the mean square displacement of each block.</summary>
    private void Resample(Frame frame, Random random)
    {
        FrameColumn spread = frame.FindColumn(ColumnNames.RmsDisplacement)
            ?? throw new InputException($"--resample: {Input} does not say how large the noise was; 'denoise compress --structure' does");
        for (int i = 0; i < frame.Count; i++)
        {
            // Of three equal components.
            double deviation = spread.RealAt(i) / Math.Sqrt(3);
            for (int a = 0; a < 3; a++)
                frame.Positions[3L * i + a] += deviation *
                    Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }
    }
}
