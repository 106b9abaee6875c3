using System.Runtime.InteropServices;

namespace Denoise.Fuzz.Coverage;

/// <summary>
/// How often each block of the instrumented libraries ran in this execution, and which blocks ever ran how often, roughly.
/// </summary>
public static unsafe class CoverageMap
{
    /// <summary>More blocks than the libraries have.</summary>
    internal const int Capacity = 1 << 17;

    /// <summary>[Capacity] counts modulo 256; the instrumented code adds to them.</summary>
    public static readonly byte* Hits = (byte*)NativeMemory.AllocZeroed(Capacity);

    // [Capacity] the classes of counts that a block was seen with, one bit each.
    private static readonly byte[] Seen = new byte[Capacity];

    /// <summary>Blocks that have a number, as the instrumenter wrote it beside the program; 0 without instrumentation.</summary>
    internal static int Blocks { get; } = ReadBlocks();

    /// <summary>Blocks that ever ran.</summary>
    internal static int Reached { get; private set; }

    internal static void Clear() => new Span<byte>(Hits, Blocks).Clear();

    /// <summary>Whether the last execution ran a block that none had run, or clearly more often. Remembers it.</summary>
    internal static bool HasNews()
    {
        bool news = false;
        ReadOnlySpan<byte> hits = new(Hits, Blocks);
        for (int block = 0; hits[block..].IndexOfAnyExcept((byte)0) is >= 0 and int ahead; block++)
        {
            block += ahead;
            byte times = hits[block] switch { 1 => 1, < 8 => 2, < 64 => 4, _ => 8 };
            if ((Seen[block] & times) != 0)
                continue;
            Reached += Seen[block] == 0 ? 1 : 0;
            Seen[block] |= times;
            news = true;
        }

        return news;
    }

    private static int ReadBlocks()
    {
        string path = Path.Combine(AppContext.BaseDirectory, Instrumenter.CountFile);
        return File.Exists(path) ? int.Parse(File.ReadAllText(path), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}
