using System.Runtime.InteropServices;
using System.Text;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// Arrays whose end is the end of a page behind which nothing may be read: one element too far crashes. Reused by every execution.
/// </summary>
internal sealed unsafe partial class FencedMemory
{
    private const int Page = 4096;
    private const int BlockBytes = 2 * Page;
    private const int Blocks = 64;
    private const int NoAccess = 0;

    private readonly byte* _memory;
    private int _used;

    public FencedMemory()
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(Blocks * (BlockBytes + Page), Page);
        for (int k = 0; k < Blocks; k++)
            if (mprotect(_memory + k * (BlockBytes + Page) + BlockBytes, Page, NoAccess) != 0)
                throw new InvalidOperationException("mprotect failed");
    }

    public void Reset() => _used = 0;

    /// <summary>An array of that many elements and at most 8 KiB, every byte as given; at most 64 until the next reset.</summary>
    public T* Place<T>(int count, byte fill = 0)
        where T : unmanaged
    {
        if (_used == Blocks || count * sizeof(T) > BlockBytes)
            throw new InvalidOperationException($"no room for {count} elements after {_used} arrays");
        byte* start = _memory + _used++ * (BlockBytes + Page) + BlockBytes - count * sizeof(T);
        new Span<byte>(start, count * sizeof(T)).Fill(fill);
        return (T*)start;
    }

    /// <summary>UTF-8 with a zero at the end.</summary>
    public byte* PlaceText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte* place = Place<byte>(utf8.Length + 1);
        utf8.CopyTo(new Span<byte>(place, utf8.Length));
        return place;
    }

    [LibraryImport("libc")]
    private static partial int mprotect(void* address, nint length, int protection);
}
