using System.Numerics;
using System.Runtime.CompilerServices;

namespace Denoise.Trajectories.Text;

/// <summary>
/// w / 10^k for 64-bit w and k = 1..27, rounded once: w / 5^k by exact integer division, then k off the binary exponent.
/// 5^27 is the largest power of five in 64 bits. The 128-by-64-bit division multiplies by a reciprocal that is computed once
/// per power (Möller and Granlund 2011, DOI 10.1109/TC.2010.143, algorithm 4).
/// </summary>
internal static class FiveDivider
{
    public const int MaxPower = 27;

    // [k]: 5^k shifted up until bit 63 is set, the shift, and floor((2^128 - 1) / divisor) - 2^64.
    private static readonly (ulong Divisor, ulong Reciprocal, int Shift)[] Table = MakeTable();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(ulong w, int k)
    {
        ref readonly var entry = ref Table[k];
        ulong d = entry.Divisor;
        int shift = BitOperations.LeadingZeroCount(w);
        // Bit 62 set, bit 63 clear: below the divisor, so that the quotient of high * 2^64 + low fits in 64 bits.
        ulong high = (w << shift) >> 1;
        ulong low = w << shift << 63;

        ulong q1 = Math.BigMul(entry.Reciprocal, high, out ulong q0);
        q0 += low;
        q1 += high + (q0 < low ? 1UL : 0) + 1;
        ulong r = low - q1 * d;
        if (r > q0)
        {
            q1--;
            r += d;
        }

        if (r >= d)
        {
            q1++;
            r -= d;
        }

        // q1 has 63 or 64 bits, at least ten more than a double keeps; all that matters of the bit below and of the remainder is
        // whether they are zero (a tie) or not. Halved, because the conversion of signed integers is one instruction.
        long quotient = (long)((q1 >> 1) | (q1 & 1) | (r != 0 ? 1UL : 0));
        // w 2^shift 2^63 was divided by 5^k 2^entry.Shift.
        int exponent = entry.Shift - shift - 62 - k;
        return quotient * BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
    }

    private static (ulong Divisor, ulong Reciprocal, int Shift)[] MakeTable()
    {
        var table = new (ulong, ulong, int)[MaxPower + 1];
        UInt128 power = 1;
        for (int k = 0; k <= MaxPower; k++, power *= 5)
        {
            int shift = BitOperations.LeadingZeroCount((ulong)power);
            ulong divisor = (ulong)power << shift;
            table[k] = (divisor, (ulong)(UInt128.MaxValue / divisor - ((UInt128)1 << 64)), shift);
        }

        return table;
    }
}
