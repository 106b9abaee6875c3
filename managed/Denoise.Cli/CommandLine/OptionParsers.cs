using System.CommandLine.Parsing;
using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Atoms.Memory;
using Denoise.Cli.Analysis;
using Denoise.Cli.Input;
using Denoise.Devices;
using Denoise.InSitu;
using Denoise.Training.Forces;

namespace Denoise.Cli.CommandLine;

/// <summary>The values of options, with errors that say what would be right.</summary>
internal static class OptionParsers
{
    /// <summary>What <c>-</c> means as an output.</summary>
    public const string StandardOutput = "/dev/stdout";

    /// <summary>More than any machine has, and few enough to be started.</summary>
    private const int MostThreads = 4096;

    public static int PositiveInteger(ArgumentResult result) => Whole(result, int.MaxValue);

    public static int WholeNumber(ArgumentResult result) => Whole(result, int.MaxValue, least: 0);

    public static int Threads(ArgumentResult result) => Whole(result, MostThreads);

    public static string OutputFile(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text.Length == 0)
            return Wrong<string>(result, text, "the name of a file");
        return IsStandardOutput(text) ? StandardOutput : text;
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

    /// <summary>A part that may be all.</summary>
    public static double Part(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return TryNumber(text, out double value) && value is >= 0 and <= 1 ? value : Wrong<double>(result, text, "a part from 0 to 1");
    }

    /// <summary>Of denoising beside energies and forces.</summary>
    public static DenoisingTask? Dens(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        double[] numbers = [.. text.Split(',').Select(part => TryNumber(part, out double value) ? value : double.NaN)];
        return numbers is [> 0 and <= 1, > 0 and <= 1, > 0 and <= 1, > 0 and <= 1000]
            ? new(numbers[0], numbers[1], numbers[2], numbers[3])
            : Wrong<DenoisingTask?>(result, text, "P,SIGMA,R,LAMBDA: a part of the samples, a noise in Å up to 1, a part of the atoms and a " +
                "weight, such as 0.25,0.05,0.25,0.1");
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

    /// <summary>Symbols, or NULL, separated by commas.</summary>
    public static string[] Sites(ArgumentResult result)
    {
        string[] sites = Names(result);
        foreach (string site in sites)
            if (site != SpeciesWords.NotSeen && ElementTable.AtomicNumber(site) == 0)
                return Wrong<string[]>(
                    result, site, $"a chemical symbol or {SpeciesWords.NotSeen}; give them as O,H,H,{SpeciesWords.NotSeen}");
        return sites.Length > 0 ? sites : Wrong<string[]>(result, "", "a pattern such as O,H,H");
    }

    public static string FileName(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return text.Length > 0 ? text : Wrong<string>(result, text, "the name of a file");
    }

    public static FrameRange? Frames(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return FrameRange.Parse(text) ?? Wrong<FrameRange?>(
            result, text, "a slice A:B:S of whole numbers from 0, such as 10:20, ::5 or 3, S being 1 or more");
    }

    public static Split Split(ArgumentResult result) => result.Tokens[^1].Value switch
    {
        "auto" => Analysis.Split.Auto,
        "frames" => Analysis.Split.Frames,
        "domains" => Analysis.Split.Domains,
        string text => Wrong<Split>(result, text, "auto, frames or domains"),
    };

    /// <summary>"auto" is 0.</summary>
    public static double Scale(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text == "auto")
            return 0;
        return TryNumber(text, out double value) && IsLength(value)
            ? value
            : Wrong<double>(result, text, "auto or a factor above 0 such as 0.9");
    }

    public static long Memory(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return MemorySize.Parse(text) ?? Wrong<long>(result, text, "an amount of memory such as 4G or 500M");
    }

    public static string Engine(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return EngineText.TryParse(text, out _, out _) ? text : Wrong<string>(result, text, EngineText.Expected);
    }

    public static DeviceChoice Device(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        return text.Length > 0 && DeviceChoice.TryParse(text, out DeviceChoice choice)
            ? choice : Wrong<DeviceChoice>(result, text, DeviceChoice.Expected);
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

    /// <exception cref="InputException">no number, or one that nothing weighs</exception>
    public static float SpeciesWeight(string text) => TryNumber(text, out double weight) && weight is >= 0 and <= 100
        ? (float)weight
        : throw new InputException($"--species-weights: {Quote.Of(text)} is not a number from 0 to 100.");

    private static StructureMethod Parse(ArgumentResult result, bool allowNone)
    {
        string text = result.Tokens[^1].Value;
        if (text == "acna")
            return StructureMethod.Adaptive;
        if (text == "none" && allowNone)
            return StructureMethod.None;
        if (text == "model")
            return StructureMethod.Model;
        if (text == "references")
            return StructureMethod.References;
        if (text.StartsWith("cna:", StringComparison.Ordinal) && TryNumber(text[4..], out double cutoff) && IsLength(cutoff))
            return StructureMethod.FixedCutoff(cutoff);
        if (StructureMethod.ByFile.Any(name => text.StartsWith(name + ":", StringComparison.Ordinal)))
            return StructureMethod.Named(text);
        return Wrong<StructureMethod>(
            result, text,
            $"acna, model, references{(allowNone ? ", none" : "")}, {string.Join(", ", StructureMethod.ByFile.Select(name => $"{name}:FILE"))} " +
            "or cna:RC with a cutoff in the file's unit of length, such as cna:3.08");
    }

    private static int Whole(ArgumentResult result, int largest, int least = 1)
    {
        string text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= largest)
            return value;
        string digits = text.TrimStart('0');
        return digits.Length > 0 && digits.All(char.IsAsciiDigit)
            ? Error<int>(result, $"{Quote.Of(text)} is too large; the largest is {largest}.")
            : Wrong<int>(result, text, $"a whole number from {least}");
    }

    /// <summary>Whether a name is <c>-</c> or one of those that the system has for it.</summary>
    public static bool IsStandardOutput(string name)
    {
        try
        {
            return name == "-" || OutputName.IsStandardOutput(name);
        }
        catch (Exception failure) when (failure is IOException or ArgumentException)
        {
            return false; // A name that leads nowhere; whoever opens it says so.
        }
    }

    /// <summary>Beyond these nothing is the length of anything, in whatever unit; and their squares are numbers, too.</summary>
    private static bool IsLength(double value) => value is >= 1e-12 and <= 1e12;

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    private static T Wrong<T>(ArgumentResult result, string text, string expected) =>
        Error<T>(result, $"{Quote.Of(text)} is not {expected}.");

    private static T Error<T>(ArgumentResult result, string sentence)
    {
        string option = result.Parent is OptionResult parent ? parent.Option.Name : result.Argument.Name;
        result.AddError($"{option}: {sentence}");
        return default!;
    }
}
