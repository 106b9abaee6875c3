using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Text;

/// <summary>
/// Lines of a text file as pointers into one large buffer: no copy, no string. The byte at the end of each line is a line feed
/// or, at the end of the file, zero, so that a parser needs no check for the end.
/// </summary>
internal sealed unsafe class LineScanner : IDisposable
{
    private const int FirstCapacity = 256 * 1024;
    private const long LongestLine = 64L << 20;

    private readonly Stream _stream;
    private readonly NativeBuffer<byte> _buffer;
    private long _position;
    private long _passed;
    private long _filled;
    private long _lineStart;
    private bool _streamEnded;
    private bool _mayUnread;

    /// <param name="stream">read from its position to its end; disposed with this</param>
    /// <param name="path">for messages</param>
    /// <param name="capacity">bytes of the buffer, which grows where a line is longer</param>
    public LineScanner(Stream stream, string path, int capacity = FirstCapacity)
    {
        _stream = stream;
        Path = path;
        _buffer = new NativeBuffer<byte>(capacity);
    }

    public string Path { get; }

    /// <summary>Number of the last line read, from 1; 0 before the first.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Bytes of the content, decompressed, that are behind.</summary>
    public long Offset => _passed + _position;

    /// <summary>Whether a line feed ended the last line read; it is missing where a file was cut.</summary>
    public bool LineFeedSeen { get; private set; } = true;

    /// <summary>Whether the stream cannot be read further: it is damaged, or the disk is.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What the file begins with, at least <paramref name="wanted"/> bytes if it has them; nothing is consumed.</summary>
    public ReadOnlySpan<byte> Head(int wanted)
    {
        while (_filled - _position < wanted && Fill())
        {
        }

        return new ReadOnlySpan<byte>(_buffer.Pointer + _position, (int)Math.Min(_filled - _position, wanted));
    }

    /// <summary>Passes over the mark with which Windows programs begin UTF-8 files.</summary>
    public void SkipByteOrderMark()
    {
        if (Head(3) is [0xef, 0xbb, 0xbf])
            _position += 3;
    }

    /// <summary>The next bytes, for formats that are not text; how many there were, fewer only at the end of the file.</summary>
    public int ReadBytes(Span<byte> target)
    {
        _mayUnread = false;
        int count = 0;
        while (count < target.Length && (_position < _filled || Fill()))
        {
            int piece = (int)Math.Min(_filled - _position, target.Length - count);
            new ReadOnlySpan<byte>(_buffer.Pointer + _position, piece).CopyTo(target[count..]);
            _position += piece;
            count += piece;
        }

        return count;
    }

    /// <summary>Passes over bytes; how many there were, fewer only at the end of the file.</summary>
    public long SkipBytes(long wanted)
    {
        _mayUnread = false;
        long count = 0;
        while (count < wanted && (_position < _filled || Fill()))
        {
            long piece = Math.Min(_filled - _position, wanted - count);
            _position += piece;
            count += piece;
        }

        return count;
    }

    /// <summary>
    /// The next line, without its line feed or carriage return; valid until the next call. False at the end of the file.
    /// </summary>
    public bool TryReadLine(out byte* start, out byte* end)
    {
        long searched = 0;
        while (true)
        {
            byte* p = _buffer.Pointer + _position;
            int found = new ReadOnlySpan<byte>(p + searched, (int)(_filled - _position - searched)).IndexOf((byte)'\n');
            if (found >= 0)
                return Take(p, searched + found, lineFeed: true, out start, out end);
            searched = _filled - _position;
            if (Fill())
                continue;
            p = _buffer.Pointer + _position;
            p[searched] = 0;
            if (searched > 0)
                return Take(p, searched, lineFeed: false, out start, out end);
            start = end = p;
            _mayUnread = false;
            return false;
        }
    }

    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        bool found = TryReadLine(out byte* start, out byte* end);
        line = new ReadOnlySpan<byte>(start, (int)(end - start));
        return found;
    }

    /// <summary>
    /// Passes over whole lines that are here already, quickly, up to the first that begins with a byte of a range: the caller looks at
    /// that one, and at those that are not here yet, one by one.
    /// </summary>
    /// <param name="most">lines</param>
    /// <param name="low">first byte of the range</param>
    /// <param name="high">last byte of the range</param>
    /// <returns>how many lines; 0 says nothing of the next</returns>
    public long PassLines(long most, byte low, byte high)
    {
        byte* begin = _buffer.Pointer + _position;
        long lines = LineCounter.Pass(ref begin, _buffer.Pointer + _filled, most, low, high);
        if (lines == 0)
            return 0;
        _position = begin - _buffer.Pointer;
        LineNumber += lines;
        LineFeedSeen = true;
        _mayUnread = false;
        return lines;
    }

    /// <summary>Gives the last line back, so that it is read again; once after each read.</summary>
    public void Unread()
    {
        _position = _lineStart;
        _mayUnread = false;
        LineNumber--;
    }

    /// <summary>The same where it is possible: not at the end of the file, and not twice.</summary>
    public void TryUnread()
    {
        if (_mayUnread)
            Unread();
    }

    /// <summary>The exception for something wrong in the last line read.</summary>
    public InputException Fault(string problem) => new(LineNumber == 0 ? $"{Path}: {problem}" : $"{Path}:{LineNumber}: {problem}");

    public void Dispose()
    {
        _stream.Dispose();
        _buffer.Dispose();
    }

    private bool Take(byte* p, long length, bool lineFeed, out byte* start, out byte* end)
    {
        _lineStart = _position;
        _mayUnread = true;
        _position += length + (lineFeed ? 1 : 0);
        LineNumber++;
        LineFeedSeen = lineFeed;
        start = p;
        end = p + length;
        if (length > 0 && end[-1] == '\r')
            end--;
        return true;
    }

    /// <summary>Reads more behind what is there, which moves to the front of the buffer; false at the end of the stream.</summary>
    private bool Fill()
    {
        if (_streamEnded)
            return false;

        long rest = _filled - _position;
        if (_position > 0)
        {
            Buffer.MemoryCopy(_buffer.Pointer + _position, _buffer.Pointer, _buffer.Length, rest);
            _passed += _position;
            _position = 0;
            _filled = rest;
        }

        // One byte stays free for the zero behind the last line.
        if (_filled >= _buffer.Length - 1)
        {
            if (_buffer.Length >= LongestLine)
                throw new InputException($"{Path}:{LineNumber + 1}: a line of more than {LongestLine >> 20} MiB; this is not a text file");
            _buffer.Grow(_buffer.Length * 2);
        }

        int count = ReadStream(new Span<byte>(_buffer.Pointer + _filled, (int)(_buffer.Length - 1 - _filled)));
        _filled += count;
        _streamEnded = count == 0;
        return count > 0;
    }

    private int ReadStream(Span<byte> target)
    {
        try
        {
            return _stream.Read(target);
        }
        catch (Exception e) when (Compression.IsDamage(e))
        {
            IsBroken = true;
            throw new InputException(
                $"{Path}: the compressed data are damaged after line {LineNumber} ({e.Message.TrimEnd('.')}); copy the file again", e);
        }
        catch (IOException e)
        {
            IsBroken = true;
            throw new InputException($"{Path}: cannot be read further than line {LineNumber}: {e.Message}", e);
        }
    }
}
