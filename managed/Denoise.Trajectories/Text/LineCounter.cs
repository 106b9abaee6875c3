using System.Numerics;
using System.Runtime.Intrinsics;

namespace Denoise.Trajectories.Text;

/// <summary>Counts lines without taking them one by one: as fast as memory is read.</summary>
internal static unsafe class LineCounter
{
    /// <summary>Moves over whole lines, none of which begins with a byte of a range.</summary>
    /// <param name="begin">start of a line; moves to the start of another</param>
    /// <param name="end">behind the last byte that may be read</param>
    /// <param name="most">lines to pass over</param>
    /// <param name="low">first byte of the range</param>
    /// <param name="high">last byte of the range</param>
    /// <returns>lines that were passed</returns>
    public static long Pass(ref byte* begin, byte* end, long most, byte low, byte high)
    {
        Vector256<byte> feed = Vector256.Create((byte)'\n'), lowest = Vector256.Create(low), width = Vector256.Create((byte)(high - low));
        long lines = 0;
        byte* lineStart = begin;
        // Whether the byte before the block ends a line: the first one does.
        uint before = 1;
        for (byte* p = begin; end - p >= Vector256<byte>.Count && lines < most; p += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.Load(p);
            uint feeds = Vector256.Equals(bytes, feed).ExtractMostSignificantBits();
            uint odd = Vector256.LessThanOrEqual(bytes - lowest, width).ExtractMostSignificantBits() & (feeds << 1 | before);
            before = feeds >> 31;
            // Line feeds before the first line that is odd, or all.
            uint good = odd == 0 ? feeds : feeds & ((1u << BitOperations.TrailingZeroCount(odd)) - 1);
            int count = BitOperations.PopCount(good);
            if (lines + count > most)
            {
                for (; lines + count > most; count--)
                    good &= ~(1u << (31 - BitOperations.LeadingZeroCount(good)));
            }

            lines += count;
            if (good != 0)
                lineStart = p + (32 - BitOperations.LeadingZeroCount(good));
            if (odd != 0)
                break;
        }

        begin = lineStart;
        return lines;
    }
}
