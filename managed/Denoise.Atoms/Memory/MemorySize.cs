using System.Globalization;

namespace Denoise.Atoms.Memory;

/// <summary>Amounts of memory as people write them: <c>500M</c>, <c>4G</c>, <c>1.5 GiB</c>, a number of bytes. Powers of 1024.</summary>
public static class MemorySize
{
    private const string Units = "KMGT";

    /// <summary>Bytes; null: this is no amount.</summary>
    public static long? Parse(string text)
    {
        string number = text.Trim();
        if (number.EndsWith("iB", StringComparison.OrdinalIgnoreCase))
            number = number[..^2];
        else if (number.EndsWith('B') || number.EndsWith('b'))
            number = number[..^1];
        int power = number.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) + 1 : 0;
        if (power > 0)
            number = number[..^1];
        bool isNumber = double.TryParse(number.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value);
        double bytes = value * Math.Pow(1024, power);
        return isNumber && bytes >= 1 && bytes < long.MaxValue ? (long)bytes : null;
    }

    /// <summary>Such as <c>1.4 GiB</c>.</summary>
    public static string Format(double bytes)
    {
        int power = 0;
        for (; bytes >= 1000 && power < Units.Length; power++)
            bytes /= 1024;
        string unit = power == 0 ? "bytes" : Units[power - 1] + "iB";
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:g3} {unit}");
    }
}
