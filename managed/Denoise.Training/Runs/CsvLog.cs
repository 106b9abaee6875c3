using System.Globalization;
using System.Text;
using Denoise.Atoms.Files;

namespace Denoise.Training.Runs;

/// <summary>
/// A table that grows line by line, its first column being the step. Lines reach the disk when <see cref="Flush"/> is called; a
/// resumed run cuts off what lies behind the step where it goes on.
/// </summary>
internal sealed class CsvLog : IDisposable
{
    private readonly string _path;
    private readonly StreamWriter _writer;
    private bool _hasFailed;

    /// <param name="path">the file</param>
    /// <param name="columns">its first line</param>
    /// <param name="keepUpTo">lines up to this step are kept; 0: a new file</param>
    /// <exception cref="Denoise.Atoms.InputException">the file cannot be written</exception>
    public CsvLog(string path, string columns, long keepUpTo)
    {
        _path = path;
        try
        {
            FileStream file = new(path, keepUpTo > 0 ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
            file.SetLength(KeptLength(file, columns, keepUpTo));
            file.Seek(0, SeekOrigin.End);
            _writer = new(file);
            if (file.Length == 0)
                _writer.WriteLine(columns);
            _writer.Flush();
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }
    }

    /// <exception cref="Denoise.Atoms.InputException">the disk is full, say</exception>
    public void Write(FormattableString line) => Guard(() => _writer.WriteLine(line.ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc cref="Write"/>
    public void Flush() => Guard(_writer.Flush);

    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (Exception error) when (_hasFailed && WriteFailure.IsFromSystem(error))
        {
            // It has been reported; what is in the buffer is lost.
        }
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            _hasFailed = true;
            throw WriteFailure.Of(_path, error);
        }
    }

    /// <summary>Bytes of the leading lines that a resumed run keeps; a line that was cut short by a crash goes.</summary>
    private static int KeptLength(FileStream file, string columns, long keepUpTo)
    {
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        int length = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', length)) >= 0; length = end + 1)
        {
            string line = Encoding.UTF8.GetString(bytes, length, end - length);
            if (length == 0 ? line != columns : !(StepOf(line) <= keepUpTo))
                break;
        }

        return length;
    }

    private static long? StepOf(string line) =>
        long.TryParse(line.Split(',')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;
}
