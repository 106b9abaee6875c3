using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Training.Runs;

/// <summary>
/// A table that grows line by line, its first column being the step. Lines reach the disk when <see cref="Flush"/> is called; a
/// resumed run drops what lies behind the step where it goes on.
/// </summary>
internal sealed class CsvLog : IDisposable
{
    private readonly StreamWriter _writer;

    /// <param name="path">the file</param>
    /// <param name="columns">its first line</param>
    /// <param name="keepUpTo">lines up to this step are kept; 0: a new file</param>
    public CsvLog(string path, string columns, long keepUpTo)
    {
        try
        {
            string[] kept = keepUpTo > 0 && File.Exists(path)
                ? [.. File.ReadLines(path).Skip(1).Where(line => StepOf(line) is long step && step <= keepUpTo)]
                : [];
            _writer = new(path, append: false);
            _writer.WriteLine(columns);
            foreach (string line in kept)
                _writer.WriteLine(line);
            _writer.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written: {error.Message}", error);
        }
    }

    public void Write(FormattableString line) => _writer.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();

    private static long? StepOf(string line) =>
        long.TryParse(line.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
}
