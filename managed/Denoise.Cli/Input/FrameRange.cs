using System.Globalization;

namespace Denoise.Cli.Input;

/// <summary>Which frames are wanted, of all inputs' frames counted together from 0, as Python slices count.</summary>
/// <param name="Begin">the first</param>
/// <param name="End">the first that is not; the largest number: none</param>
/// <param name="Step">from one to the next</param>
internal readonly record struct FrameRange(long Begin, long End, long Step)
{
    public static FrameRange All { get; } = new(0, long.MaxValue, 1);

    /// <summary><c>A:B:S</c>, each of which may be missing, or <c>A</c>; null: it is none.</summary>
    public static FrameRange? Parse(string text)
    {
        string[] words = text.Split(':');
        if (words.Length > 3 || words.All(string.IsNullOrEmpty))
            return null;
        long begin = 0, end = long.MaxValue, step = 1;
        if ((words[0].Length > 0 && !TryWhole(words[0], out begin)) ||
            (words.Length > 1 && words[1].Length > 0 && !TryWhole(words[1], out end)) ||
            (words.Length > 2 && words[2].Length > 0 && !(TryWhole(words[2], out step) && step > 0)))
            return null;
        return new(begin, words.Length == 1 ? begin + 1 : end, step);
    }

    /// <summary>Every k-th of these.</summary>
    public FrameRange Every(long k) => this with { Step = checked(Step * k) };

    /// <summary>The number, among all frames, of a wanted one; null: there are not so many.</summary>
    public long? At(long k)
    {
        UInt128 frame = (UInt128)Begin + (UInt128)k * (UInt128)Step;
        return frame < (UInt128)End ? (long)frame : null;
    }

    /// <summary>How many are wanted of the first frames.</summary>
    public long CountOf(long frames)
    {
        long end = Math.Min(End, frames);
        return end <= Begin ? 0 : (end - Begin - 1) / Step + 1;
    }

    private static bool TryWhole(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value < int.MaxValue;
}
