using System.Text;
using Denoise.Atoms;

namespace Denoise.Cli.Tables;

/// <summary>The lines of a text that may be no text: one that does not end does not take the machine's memory.</summary>
/// <param name="reader">borrowed</param>
/// <param name="path">for messages</param>
/// <param name="longest">characters of a line</param>
internal sealed class BoundedLines(TextReader reader, string path, int longest)
{
    private readonly StringBuilder _line = new();
    private readonly char[] _buffer = new char[1 << 16];
    private int _next;
    private int _end;

    /// <summary>Of the last line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the last line had no line feed.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The next line without its end; null: there is none.</summary>
    /// <exception cref="InputException">it is too long</exception>
    public string? Read()
    {
        _line.Clear();
        Number++;
        while (_next < _end || Fill())
        {
            int feed = _buffer.AsSpan(_next, _end - _next).IndexOf('\n');
            int length = feed < 0 ? _end - _next : feed;
            _line.Append(_buffer, _next, length);
            _next += length + (feed < 0 ? 0 : 1);
            if (_line.Length > longest)
                throw new InputException($"{path}:{Number}: is longer than {longest} characters; this is no table.");
            if (feed >= 0)
                return Text();
        }

        IsCut = _line.Length > 0;
        return IsCut ? Text() : null;
    }

    private bool Fill()
    {
        (_next, _end) = (0, reader.Read(_buffer));
        return _end > 0;
    }

    private string Text()
    {
        if (_line.Length > 0 && _line[^1] == '\r')
            _line.Length--;
        return _line.ToString();
    }
}
