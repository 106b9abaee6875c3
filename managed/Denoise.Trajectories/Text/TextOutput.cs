using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Text;

/// <summary>
/// Numbers and words as UTF-8 into one buffer, which goes to the stream when it is full. Reals are written with the fewest digits
/// that read back to the same bits: a value that came from a file leaves as it came, and nothing is lost on the way through.
/// </summary>
internal sealed class TextOutput
{
    private const int Capacity = 256 * 1024;

    // The longest number: -2.2250738585072014E-308 has 24 characters.
    private const int LongestNumber = 32;

    private readonly byte[] _buffer = new byte[Capacity];
    private int _used;

    public TextOutput(Stream target) => Target = target;

    /// <summary>Where the text goes; changed when all is flushed.</summary>
    public Stream Target { get; set; }

    public void Byte(char ascii)
    {
        Reserve(1);
        _buffer[_used++] = (byte)ascii;
    }

    public void Text(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _used += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_used));
    }

    public void Bytes(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_buffer.AsSpan(_used));
        _used += utf8.Length;
    }

    public void Number(long value)
    {
        Reserve(LongestNumber);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_used), out int written);
        _used += written;
    }

    /// <summary>The shortest text that parses to the same bits; "nan", "inf" and "-inf" as C's printf writes them.</summary>
    public void Number(double value)
    {
        Reserve(LongestNumber);
        if (!double.IsFinite(value))
        {
            Bytes(double.IsNaN(value) ? "nan"u8 : value > 0 ? "inf"u8 : "-inf"u8);
            return;
        }

        value.TryFormat(_buffer.AsSpan(_used), out int written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    public void Value(FrameColumn column, int atom)
    {
        switch (column.Kind)
        {
            case ColumnKind.Integer:
                Number(column.Integers[atom]);
                break;
            case ColumnKind.Real:
                Number(column.Reals[atom]);
                break;
            default:
                Bytes(column.Words.Utf8((int)column.WordCodes[atom]));
                break;
        }
    }

    public void Flush()
    {
        // A failed write must not come again with the next flush.
        int used = _used;
        _used = 0;
        Target.Write(_buffer, 0, used);
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _used >= bytes)
            return;
        Flush();
        if (bytes > _buffer.Length)
            throw new ArgumentException($"a text of {bytes} bytes does not fit into the output buffer", nameof(bytes));
    }
}
