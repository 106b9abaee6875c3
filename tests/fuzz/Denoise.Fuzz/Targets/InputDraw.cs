namespace Denoise.Fuzz.Targets;

/// <summary>A number that follows from the input, for decisions that it does not hold: an input does the same whenever it is run.</summary>
internal static class InputDraw
{
    public static uint Of(ReadOnlySpan<byte> input)
    {
        uint draw = 2166136261;
        foreach (byte value in input)
            draw = (draw ^ value) * 16777619;
        return draw ^ draw >> 15;
    }
}
