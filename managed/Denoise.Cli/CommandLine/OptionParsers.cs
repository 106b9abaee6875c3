using System.CommandLine.Parsing;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.CommandLine;

/// <summary>The values of options, with errors that say what would be right.</summary>
internal static class OptionParsers
{
    public static int PositiveInteger(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0)
            return value;
        return Wrong<int>(result, text, "a whole number from 1");
    }

    public static double Distance(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return TryNumber(text, out double value) ? value : Wrong<double>(result, text, "a distance such as 0.01");
    }

    public static double PositiveNumber(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return TryNumber(text, out double value) && value > 0 ? value : Wrong<double>(result, text, "a number above 0");
    }

    public static double Fraction(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return TryNumber(text, out double value) && value is >= 0 and < 1 ? value : Wrong<double>(result, text, "a part such as 0.05");
    }

    /// <summary>Of the shortest distance of a crystal: half of it lets atoms change places.</summary>
    public static double Noise(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return TryNumber(text, out double value) && value is > 0 and <= 0.5
            ? value
            : Wrong<double>(result, text, "a part of the shortest distance up to 0.5, such as 0.13, at which crystals melt");
    }

    /// <summary>Separated by commas or spaces.</summary>
    public static string[] Names(ArgumentResult result) => string.Join(',', result.Tokens.Select(token => token.Value))
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>"auto" is 0.</summary>
    public static double Scale(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text == "auto")
            return 0;
        return TryNumber(text, out double value) && value > 0 ? value : Wrong<double>(result, text, "auto or a factor above 0 such as 0.9");
    }

    public static long Memory(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return MemorySize.Parse(text) ?? Wrong<long>(result, text, "an amount of memory such as 4G or 500M");
    }

    public static StructureMethod Method(ArgumentResult result) => Parse(result, allowNone: false);

    public static StructureMethod MethodOrNone(ArgumentResult result) => Parse(result, allowNone: true);

    public static string[] Elements(ArgumentResult result)
    {
        foreach (Token token in result.Tokens)
            if (token.Value != SpeciesWords.NotSeen && ElementTable.AtomicNumber(token.Value) == 0)
                return Wrong<string[]>(
                    result, token.Value,
                    $"a chemical symbol or {SpeciesWords.NotSeen}; give one per atom type; INPUT comes before the option");
        return [.. result.Tokens.Select(token => token.Value)];
    }

    private static StructureMethod Parse(ArgumentResult result, bool allowNone)
    {
        string text = result.Tokens[^1].Value;
        if (text == "acna")
            return StructureMethod.Adaptive;
        if (text == "none" && allowNone)
            return StructureMethod.None;
        if (text.StartsWith("cna:", StringComparison.Ordinal) && TryNumber(text[4..], out double cutoff) && cutoff > 0)
            return StructureMethod.FixedCutoff(cutoff);
        return Wrong<StructureMethod>(
            result, text, $"acna{(allowNone ? ", none" : "")} or cna:RC with a cutoff in the file's unit of length, such as cna:3.08");
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static T Wrong<T>(ArgumentResult result, string text, string expected)
    {
        string option = result.Parent is OptionResult parent ? parent.Option.Name : result.Argument.Name;
        result.AddError($"{option}: '{text}' is not {expected}.");
        return default!;
    }
}
