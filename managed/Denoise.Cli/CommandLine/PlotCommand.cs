using System.CommandLine;
using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.Output;
using Denoise.Cli.Plot;
using Denoise.Cli.Tables;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise plot FILE.csv</c></summary>
/// <remarks>
/// Drawn by code of our own: ScottPlot draws by SkiaSharp, whose native libraries, 11.5 MB, would lie beside a program of 10.7 MB
/// that is one file. The machine's librsvg makes PNG of the SVG.
/// </remarks>
internal static class PlotCommand
{
    private const string Description = """
        Draws columns of a table in the terminal, or as SVG or PNG for papers.

        Tables are those of the fix, of 'denoise analyze --csv', of trainings, and any others whose first line names the columns.
        """;

    private const string Examples = """
        Examples:
          denoise plot melt.csv                                     structures, before and after denoising
          denoise plot melt.csv --columns fcc,raw_fcc -o fcc.svg    two lines, as a picture
          denoise plot melt.csv -o melt.png                         as PNG, 288 pixels to the inch
          denoise plot names.log.csv --columns loss --log
        """;

    private const int DefaultColumns = 80;
    private const int LeastColumns = 40;
    private const int Lines = 20;

    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A CSV file whose first line names its columns." };
        Option<string[]> columns = new("--columns")
        {
            HelpName = "A,B,...",
            Description = "Columns to draw; a vector's name stands for its components [default: by the kind of table].",
            CustomParser = OptionParsers.Names,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        Option<string> across = new("--x") { HelpName = "COLUMN", Description = "Column of the axis across [default: the step]." };
        Option<bool> log = new("--log") { Description = "A logarithmic axis upwards; the default for what a training writes." };
        Option<string> output = new("--output", "-o")
        {
            HelpName = "OUT.svg|OUT.png",
            Description = "Write an SVG or PNG file instead, which replaces an earlier plot; - is standard output, as SVG.",
            CustomParser = OptionParsers.OutputFile,
        };
        Option<int> width = Size("--width", "Characters of a line [default: those of the terminal], or pixels [default: 720].");
        Option<int> height = Size("--height", "Lines [default: 20], or pixels [default: 420].");
        Option<bool> force = SharedOptions.Force();
        Command command = new("plot", Description) { file, columns, across, log, output, width, height, force };
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            string? picture = parsed.GetValue(output);
            CheckOutput(path, picture, parsed.GetValue(force));
            PlotPicture plot = PlotChoice.Choose(Read(path), parsed.GetValue(columns) ?? [], parsed.GetValue(across),
                parsed.GetValue(log) ? true : null);
            int Asked(Option<int> option, int otherwise) => parsed.GetResult(option) is null ? otherwise : parsed.GetValue(option);
            if (picture is null)
                Print(TerminalPlot.Draw(plot, Math.Max(LeastColumns, Asked(width, TerminalColumns())), Math.Max(4, Asked(height, Lines)),
                    HasColors()));
            else
                Write(picture, Draw(plot, picture, Math.Max(320, Asked(width, 720)),
                    Math.Max(160, Asked(height, SvgPlot.HeightFor(plot)))));
            return ExitCode.Success;
        });
        return command;
    }

    private static Option<int> Size(string name, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result =>
        {
            int value = OptionParsers.PositiveInteger(result);
            if (value > 10_000)
                result.AddError($"{name}: {value.ToString(CultureInfo.InvariantCulture)} is too large; the largest is 10000.");
            return value;
        },
    };

    private static DataTable Read(string path) => CsvFile.IsOne(path)
        ? CsvFile.Read(path, DenoiseCommand.Warn)
        : throw new InputException(FileStatus.Of(path) is null
            ? $"{path}: no such file; check the name and the folder."
            : $"{path}: is no table: its first line does not name columns, separated by commas; 'denoise report' shows trajectories.");

    private static void CheckOutput(string input, string? output, bool force)
    {
        if (output is null)
            return;
        if (output != OptionParsers.StandardOutput && !output.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) && !IsPng(output))
            throw new InputException($"{output}: plots are written as SVG or PNG; give a name that ends with .svg or .png.");
        OutputRules.CheckMarked(output, [input], force, IsPng(output) ? PngPlot.Mark : SvgPlot.Mark);
    }

    private static bool IsPng(string output) => output.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    private static byte[] Draw(PlotPicture plot, string output, int width, int height)
    {
        int larger = Math.Max(width, height);
        if (IsPng(output) && larger > PngPlot.Largest)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{output}: --width and --height of a PNG file are at most " +
                $"{PngPlot.Largest}, and it has {PngPlot.Scale} times as many pixels; give less than {larger}, or a name that ends with .svg."));
        string svg = SvgPlot.Draw(plot, width, height);
        return IsPng(output) ? PngPlot.Draw(svg, width, height) : Encoding.UTF8.GetBytes(svg);
    }

    private static void Write(string path, byte[] picture)
    {
        try
        {
            using UnfinishedFile file = new(path);
            file.Stream.Write(picture);
            file.Complete();
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }

        if (path != OptionParsers.StandardOutput)
            Print($"{path}: written\n");
    }

    private static void Print(string text)
    {
        TextWriter output = StandardStreams.CreateOutput();
        output.Write(text);
        output.Flush();
    }

    private static int TerminalColumns()
    {
        if (!Console.IsOutputRedirected && Console.WindowWidth > 0)
            return Console.WindowWidth;
        return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
            ? Math.Clamp(columns, LeastColumns, 1000) : DefaultColumns;
    }

    private static bool HasColors() => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "" &&
        Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
