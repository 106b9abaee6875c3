using System.Globalization;

namespace Denoise.Cli.Analysis;

/// <summary>A number that an analysis found for a whole frame.</summary>
/// <param name="Name">unique in a run</param>
/// <param name="IsWhole">whether it is an integer</param>
/// <param name="Value">exact to 2^53 where it is</param>
internal readonly record struct FrameNumber(string Name, bool IsWhole, double Value)
{
    /// <summary>In a table for people.</summary>
    public string ToShortText() => Value.ToString(IsWhole ? "F0" : "G6", CultureInfo.InvariantCulture);

    /// <summary>With as many digits as read back to the same number.</summary>
    public string ToText() => Value.ToString(IsWhole ? "F0" : "R", CultureInfo.InvariantCulture);
}
