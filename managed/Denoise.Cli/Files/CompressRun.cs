using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Trajectories;
using Denoise.Trajectories.Compressed;

namespace Denoise.Cli.Files;

/// <summary>Reads frames and writes them as .dnz.</summary>
internal static class CompressRun
{
    private const int BytesPerAtom = 12;

    public static int Run(
        IReadOnlyList<string> inputs, string output, DnzOptions options, string[]? columns, FrameRange range, bool force)
    {
        if (!output.EndsWith(".dnz", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"{output}: what is compressed has a name that ends with .dnz; choose one");
        // It may be all that is left of a simulation.
        if (OutputRules.Existing(output, inputs) is { IsRegular: true, Size: > 0 } && !force)
            throw new InputException($"{output}: exists already; choose another name, or replace it with --force.");
        ProgressBar progress = ProgressBar.ForConsole(isRoot: true);
        using FrameSource source = new(inputs, range, skipsBad: false, warning =>
        {
            progress.Clear();
            DenoiseCommand.Warn(warning.Text);
        });
        source.Check();
        using DnzWriter writer = new(output, options);
        using Frame frame = new();
        string[]? kept = columns switch
        {
            null or [] => null,
            ["none"] => [],
            _ => [.. columns.Select(ColumnNames.OfFrame)],
        };
        long atoms = 0;
        for (; source.Read(writer.Frames, frame); progress.Show(source.Progress, writer.Frames))
        {
            if (kept is not null)
                Keep(frame, kept);
            writer.Write(frame);
            atoms += frame.Count;
        }

        progress.Clear();
        if (writer.Frames == 0)
            throw new InputException($"{inputs[0]}: has none of the frames that are wanted; nothing was written");
        writer.Complete();
        TextWriter text = StandardStreams.CreateOutput();
        string error = options.Mode == DnzMode.Lossless ? "bit for bit"
            : string.Create(CultureInfo.InvariantCulture, $"largest error {writer.LargestError:g6} of {options.Bound}");
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{writer.Frames} frames, {atoms} atoms, {writer.Written} bytes: ") + string.Create(CultureInfo.InvariantCulture,
            $"{BytesPerAtom * atoms / (double)writer.Written:f2} times smaller than single-precision positions alone; {error}"));
        text.Flush();
        return ExitCode.Success;
    }

    private static void Keep(Frame frame, string[] kept)
    {
        foreach (string name in kept)
            if (frame.FindColumn(name) is null)
                throw new InputException($"--columns: there is no column {Quote.Of(name)}; there are " +
                    string.Join(", ", frame.Columns.Select(column => column.Name).DefaultIfEmpty("none")));
        frame.KeepColumns(kept);
    }
}
