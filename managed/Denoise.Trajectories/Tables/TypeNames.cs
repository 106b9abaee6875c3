using System.Buffers.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tables;

/// <summary>
/// Relates the words of an element column to type numbers, alike in all frames of a file. Beside a type column a word is the name
/// of its type; without one, types are numbered in the order in which their words first appear, or the words are the numbers.
/// </summary>
internal sealed class TypeNames
{
    /// <summary>Largest type number that is believed; far above any simulation, far below what would exhaust memory.</summary>
    public const int MaxType = 1_000_000;

    private readonly TextTable _words = new();

    // [word] where types are not given: the type it stands for. [type] where they are: 1 + the word that names it.
    private readonly List<int> _typeOfWord = [];
    private readonly List<int> _wordOfType = [];
    private bool _typesGiven;
    private bool _numbers;

    public void BeginFrame(bool typesGiven)
    {
        _typesGiven = typesGiven;
        _wordOfType.Clear();
    }

    public int Add(ReadOnlySpan<byte> word)
    {
        int code = _words.Add(word);
        if (code == _typeOfWord.Count)
        {
            bool isNumber = Utf8Parser.TryParse(word, out int number, out int used) && used == word.Length && number is >= 1 and <= MaxType;
            if (code == 0)
                _numbers = isNumber;
            _typeOfWord.Add(isNumber == _numbers ? (isNumber ? number : code + 1) : 0);
        }

        return code;
    }

    /// <summary>Sets the type, or checks it against what the word said before; false where they do not agree.</summary>
    public bool Assign(int word, ref int type)
    {
        if (!_typesGiven)
        {
            type = _typeOfWord[word];
            return type > 0;
        }

        while (_wordOfType.Count <= type)
            _wordOfType.Add(0);
        if (_wordOfType[type] == 0)
            _wordOfType[type] = word + 1;
        return _wordOfType[type] == word + 1;
    }

    private string? Name(int word, bool areLabels) => areLabels ? ElementTable.ProperSymbol(_words[word]) : _words[word];

    public string Conflict(int word, int type) => _typesGiven
        ? $"type {type} is {Quote.Short(_words[word])} here and {Quote.Short(_words[_wordOfType[type] - 1])} before; " +
            "give each element a type of its own"
        : $"{Quote.Short(_words[word])} stands among {(_numbers ? "type numbers" : "element symbols")}; use one or the other throughout";

    /// <param name="frame">its types get their names</param>
    /// <param name="areLabels">only words that are chemical symbols are names</param>
    public void Store(Frame frame, bool areLabels)
    {
        if (_typesGiven)
        {
            for (int type = 1; type < _wordOfType.Count; type++)
                frame.SetElement(type, _wordOfType[type] == 0 ? null : Name(_wordOfType[type] - 1, areLabels));
        }
        else if (!_numbers)
        {
            for (int word = 0; word < _words.Count; word++)
                frame.SetElement(word + 1, Name(word, areLabels));
        }
    }
}
