using Denoise.Fuzz.Mutation;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// Decisions out of the bytes of an input: the same bytes make the same structs, and mutations of bytes are mutations of decisions.
/// Where the bytes have ended every decision is the plain one, 0.
/// </summary>
internal ref struct Choices(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte()
    {
        if (_rest.IsEmpty)
            return 0;
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>From 0 to count - 1, at most 256.</summary>
    public int Below(int count) => Byte() % count;

    /// <summary>One of so many times, and never where the bytes have ended.</summary>
    public bool Seldom(int times) => Byte() % times == times - 1;

    public double Between(double low, double high) => low + (high - low) * ((Byte() << 8) + Byte()) / 65536.0;

    public double EdgeValue() => EdgeNumbers.Values[Below(EdgeNumbers.Values.Length)];

    public int EdgeInteger() => unchecked((int)EdgeNumbers.Integers[Below(EdgeNumbers.Integers.Length)]);

    /// <summary>The plain value, sometimes one at an end.</summary>
    public double OrEdge(double plain, int times) => Seldom(times) ? EdgeValue() : plain;

    public int OrEdge(int plain, int times) => Seldom(times) ? EdgeInteger() : plain;
}
