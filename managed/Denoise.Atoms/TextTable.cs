using System.Text;

namespace Denoise.Atoms;

/// <summary>
/// The distinct words of a text column, numbered from 0 in the order of their first appearance, so that a column of element
/// symbols holds a number per atom and no string. Looking up a known word allocates nothing.
/// </summary>
public sealed class TextTable
{
    private const int FirstSlotCount = 64;

    private readonly List<string> _words = [];
    private readonly List<byte[]> _bytes = [];
    private int[] _slots = new int[FirstSlotCount];
    private int _last;

    public int Count => _words.Count;

    /// <exception cref="ArgumentOutOfRangeException">no word has this number</exception>
    public string this[int code] => _words[code];

    public ReadOnlySpan<byte> Utf8(int code) => _bytes[code];

    public int Add(string word) => Add(Encoding.UTF8.GetBytes(word));

    /// <summary>The number of a word; a new word gets the next one.</summary>
    public int Add(ReadOnlySpan<byte> utf8)
    {
        // Runs of equal words are the rule in sorted files.
        if (_last < _bytes.Count && utf8.SequenceEqual(_bytes[_last]))
            return _last;

        int mask = _slots.Length - 1;
        int slot = Hash(utf8) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
            if (utf8.SequenceEqual(_bytes[_slots[slot] - 1]))
                return _last = _slots[slot] - 1;

        _words.Add(Encoding.UTF8.GetString(utf8));
        _bytes.Add(utf8.ToArray());
        _slots[slot] = _words.Count;
        if (_words.Count * 2 > _slots.Length)
            Rehash(_slots.Length * 2);
        return _last = _words.Count - 1;
    }

    public void Clear()
    {
        _words.Clear();
        _bytes.Clear();
        _slots = new int[FirstSlotCount];
    }

    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: short words, no need of protection against chosen collisions
    // beyond linear probing.
    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        uint hash = 2166136261;
        foreach (byte b in utf8)
            hash = (hash ^ b) * 16777619;
        return (int)(hash ^ (hash >> 15));
    }

    private void Rehash(int slotCount)
    {
        _slots = new int[slotCount];
        for (int i = 0; i < _bytes.Count; i++)
        {
            int slot = Hash(_bytes[i]) & (slotCount - 1);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (slotCount - 1);
            _slots[slot] = i + 1;
        }
    }
}
