using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.Analysis;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>
/// What a run has done, a line per frame, each written when its frame is whole in the outputs: from the last whole line an interrupted
/// run goes on, whatever half a frame is behind it. The first line tells with what options it was begun. It goes when the run is
/// complete.
/// </summary>
internal sealed class ResumeFile : IDisposable
{
    private const string Title = "denoise-resume-2";

    private readonly string _path;
    private readonly GrowingFile _file;

    /// <param name="path">the file</param>
    /// <param name="length">bytes of it that are kept</param>
    /// <param name="options">of the run</param>
    public ResumeFile(string path, long length, AnalysisOptions options)
    {
        _path = path;
        try
        {
            _file = new(path, length);
            if (length == 0)
                Append(FirstLine(options));
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }
    }

    /// <summary>Beside the output, or the table where there is no other.</summary>
    public static string PathOf(AnalysisOptions options) => (options.Output ?? options.Csv) + ".resume";

    /// <summary>Where a run of these options goes on; null: it had not begun.</summary>
    /// <param name="length">bytes of the file that are whole</param>
    /// <exception cref="InputException">it was begun with other options, or is damaged</exception>
    public static ResumePoint? Read(string path, AnalysisOptions options, out long length)
    {
        length = 0;
        if (!File.Exists(path))
            return null;
        string text;
        try
        {
            text = File.ReadAllText(path, Encoding.ASCII);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }

        int end = text.LastIndexOf('\n') + 1;
        if (end == 0)
            return null;
        string[] lines = text[..(end - 1)].Split('\n');
        if (lines[0] != FirstLine(options))
            throw new InputException($"{path}: the run was begun with other inputs or options; give the same ones to go on, or start " +
                "anew with --force.");
        length = end;
        return lines.Length == 1 ? default(ResumePoint) : Parse(lines[^1], path);
    }

    /// <summary>A frame is done.</summary>
    public void Add(ResumePoint point) => Append(string.Create(CultureInfo.InvariantCulture,
        $"{point.Next} {point.Bad} {point.Output.Frames} {point.Output.Bytes} {point.Output.Written.Checksum} " +
        $"{point.Output.Written.Length} {point.Output.Written.Atoms} {point.Output.Written.FirstStep} {point.Output.Written.LastStep} " +
        $"{point.CsvBytes}"));

    /// <summary>The run is complete.</summary>
    public void Remove()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();

    private static ResumePoint Parse(string line, string path)
    {
        long[] numbers = new long[10];
        string[] words = line.Split(' ');
        for (int k = 0; k < numbers.Length; k++)
            if (words.Length != numbers.Length || !long.TryParse(words[k], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[k]))
                throw new InputException($"{path}: is damaged; start anew with --force.");
        FramePiece written = new((uint)numbers[4], numbers[5], (int)numbers[6], numbers[7], numbers[8]);
        return new(numbers[0], numbers[1], new(numbers[2], numbers[3], written), numbers[9]);
    }

    /// <summary>All that the bytes of the outputs depend on.</summary>
    private static string FirstLine(AnalysisOptions options)
    {
        string all = string.Create(CultureInfo.InvariantCulture, $"""
            {string.Join('\n', options.Files)}
            {options.Frames} {options.SkipBad}
            {options.Model} {options.ModelOptions} {options.MaxIterations} {options.Tolerance:R} {options.Scale:R}
            {options.Method} {string.Join(' ', options.Elements)} {string.Join(' ', options.Sites)} {options.Topology}
            {string.Join('\n', options.Analyses)}
            {options.Select}
            {string.Join(',', options.Columns)} {options.IsFull}
            {options.Output}
            {options.Csv}
            """);
        return $"{Title} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))}";
    }

    private void Append(string line)
    {
        try
        {
            _file.Append(Encoding.ASCII.GetBytes(line + '\n'));
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(_path, error);
        }
    }
}
