using System.Runtime.InteropServices;
using Denoise.Fuzz.Running;

namespace Denoise.Fuzz.Mutation;

/// <summary>An input in the making: bytes that can be cut, filled in and replaced, never more than an input may have.</summary>
internal sealed class Draft
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public Span<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        _bytes.Clear();
        _bytes.AddRange(bytes);
        CutToLimit();
    }

    public void Remove(Range range)
    {
        (int start, int count) = range.GetOffsetAndLength(Length);
        _bytes.RemoveRange(start, count);
    }

    public void Insert(int position, ReadOnlySpan<byte> bytes)
    {
        _bytes.InsertRange(position, bytes);
        CutToLimit();
    }

    public void Replace(Range range, ReadOnlySpan<byte> bytes)
    {
        Index start = range.Start;
        Remove(range);
        Insert(start.GetOffset(Length), bytes);
    }

    private void CutToLimit()
    {
        if (_bytes.Count > Limits.InputBytes)
            _bytes.RemoveRange(Limits.InputBytes, _bytes.Count - Limits.InputBytes);
    }
}
