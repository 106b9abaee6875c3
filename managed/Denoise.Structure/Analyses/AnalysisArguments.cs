using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Structure.Analyses;

/// <summary>
/// What follows the colon of <c>name:word,key=value,key=a+b</c>. Whoever makes an analysis asks for what it knows; what nobody has
/// asked for is then refused by <see cref="RequireAllUsed"/>. Every refusal names the analysis, the argument and what is possible.
/// </summary>
public sealed class AnalysisArguments
{
    private readonly string _name;
    private readonly string _usage;
    private readonly double _lengthUnit;
    private readonly List<string> _words = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <param name="name">of the analysis</param>
    /// <param name="usage">its text form, for messages</param>
    /// <param name="text">what follows the colon; may be empty</param>
    /// <param name="lengthUnit">Å per length of the user</param>
    /// <exception cref="InputException">a key twice, or an argument that is empty</exception>
    public AnalysisArguments(string name, string usage, string text, double lengthUnit)
    {
        (_name, _usage, _lengthUnit) = (name, usage, lengthUnit);
        if (text.Length == 0)
            return;
        foreach (string argument in text.Split(','))
        {
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? argument : argument[..equals];
            if (key.Length == 0 || equals == argument.Length - 1)
                throw Wrong($"'{argument}' is no argument");
            if (equals < 0)
                _words.Add(argument);
            else if (!_values.TryAdd(key, argument[(equals + 1)..]))
                throw Wrong($"'{key}' is given twice");
        }
    }

    /// <summary>Whether the word stands alone among the arguments, as <c>mapped</c> in <c>strain:cutoff=3,mapped</c>.</summary>
    public bool Flag(string word) => _words.Remove(word);

    /// <summary>The value of a key; null where it is not given.</summary>
    public string? Text(string key)
    {
        _used.Add(key);
        return _values.GetValueOrDefault(key);
    }

    /// <summary>The value of a key, or the first word that stands alone: <c>cna:3.1</c> is <c>cna:cutoff=3.1</c>.</summary>
    public string? TextOrWord(string key)
    {
        if (Text(key) is { } text)
            return text;
        if (_words.Count == 0)
            return null;
        string word = _words[0];
        _words.RemoveAt(0);
        return word;
    }

    /// <summary>Words joined by '+'; empty where the key is not given.</summary>
    public IReadOnlyList<string> List(string key) => Text(key)?.Split('+') ?? [];

    /// <summary>Integers joined by '+'.</summary>
    public IReadOnlyList<int> Integers(string key, IReadOnlyList<int> otherwise, int least, int most) =>
        Text(key) is { } text ? [.. text.Split('+').Select(word => Integer(key, word, least, most))] : otherwise;

    public int Integer(string key, int otherwise, int least, int most) =>
        Text(key) is { } text ? Integer(key, text, least, most) : otherwise;

    /// <summary>A number without a unit.</summary>
    public double Number(string key, double otherwise, double least, double most) =>
        Text(key) is { } text ? Number(key, text, least, most) : otherwise;

    /// <summary>A length in Å, given in the user's unit, also as the first word that stands alone; it must be given.</summary>
    public double Length(string key) =>
        _lengthUnit * Positive(key, TextOrWord(key) ?? throw Wrong($"a distance '{key}' must be given"));

    /// <summary>A length in Å, or what holds where it is not given.</summary>
    public double Length(string key, double otherwise) =>
        TextOrWord(key) is { } text ? _lengthUnit * Positive(key, text) : otherwise;

    /// <summary>One of several words.</summary>
    public string Choice(string key, string otherwise, params ReadOnlySpan<string> choices)
    {
        string text = Text(key) ?? otherwise;
        return choices.Contains(text) ? text : throw Wrong($"{key}={text}: it is one of {string.Join(", ", choices!)}");
    }

    /// <exception cref="InputException">something was given that nobody has asked for</exception>
    public void RequireAllUsed()
    {
        if (_words.Count > 0)
            throw Wrong($"'{_words[0]}' is not known");
        foreach (string key in _values.Keys)
            if (!_used.Contains(key))
                throw Wrong($"'{key}' is not known");
    }

    /// <summary>The sentence for an argument that cannot be.</summary>
    public InputException Wrong(string problem) => new($"{_name}: {problem}; the form is {_usage}.");

    private int Integer(string key, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw Wrong($"{key}={text}: a whole number from {least} to {most} is expected");

    private double Number(string key, string text, double least, double most) =>
        TryNumber(text, out double value) && value >= least && value <= most
            ? value
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{key}={text}: a number from {least} to {most} is expected"));

    private double Positive(string key, string text) => TryNumber(text, out double value) && value > 0 && value < 1e12
        ? value
        : throw Wrong($"{key}={text}: a positive distance is expected");

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
