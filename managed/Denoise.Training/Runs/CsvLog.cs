using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.Atoms.Files;

namespace Denoise.Training.Runs;

/// <summary>
/// A table that grows line by line, its first column being the step. Lines reach the file when <see cref="Flush"/> is called, and whole:
/// what a full disk cut short is taken back, and what a crash cut short goes when a run is resumed, with all that lies behind the step
/// where it goes on.
/// </summary>
internal sealed class CsvLog : IDisposable
{
    private readonly string _path;
    private readonly GrowingFile _file;
    private readonly StringBuilder _lines = new();
    private bool _hasFailed;

    /// <param name="path">the file</param>
    /// <param name="columns">its first line</param>
    /// <param name="keepUpTo">lines up to this step are kept; 0: a new file</param>
    /// <exception cref="InputException">the file cannot be written, or is another table</exception>
    public CsvLog(string path, string columns, long keepUpTo)
    {
        _path = path;
        try
        {
            bool goesOn = keepUpTo > 0 && FileStatus.Of(path) is { IsRegular: true };
            _file = new(path, goesOn ? KeptLength(path, columns, keepUpTo) : 0);
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }

        if (_file.Length == 0)
            _lines.Append(columns).Append('\n');
        Flush();
    }

    public void Write(FormattableString line) => _lines.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <exception cref="InputException">the disk is full, say; the table ends with the last line that was whole</exception>
    public void Flush()
    {
        try
        {
            _file.Append(Encoding.UTF8.GetBytes(_lines.ToString()));
            _lines.Clear();
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            _hasFailed = true;
            throw WriteFailure.Of(_path, error);
        }
    }

    public void Dispose()
    {
        // After a failure, which has been reported, what could not be written is lost.
        if (!_hasFailed)
            Flush();
        _file.Dispose();
    }

    /// <summary>Bytes of the leading lines that a resumed run keeps.</summary>
    private static int KeptLength(string path, string columns, long keepUpTo)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string text = Encoding.UTF8.GetString(bytes);
        string header = columns + '\n';
        if (!text.StartsWith(header, StringComparison.Ordinal))
            return header.StartsWith(text, StringComparison.Ordinal)
                ? 0
                : throw new InputException($"{path}: is not the table of this training, and would be replaced; move it away or rename it.");

        int length = header.Length;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', length)) >= 0; length = end + 1)
            if (!(StepOf(Encoding.UTF8.GetString(bytes, length, end - length)) <= keepUpTo))
                break;
        return length;
    }

    private static long? StepOf(string line) =>
        long.TryParse(line.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
}
