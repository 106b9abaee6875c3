using Denoise.Atoms;

namespace Denoise.Cli.Report;

/// <summary>The structures of a report, by which its atoms and counts refer to names and colors.</summary>
internal sealed class StructureList
{
    // A column of a file may hold any numbers; more kinds than this are no structures.
    private const int Most = 250;

    private readonly List<NamedStructure> _structures = [];
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _byNumber = [];

    public StructureList() => Add(StructureTable.OfCommonNeighbors[0]);

    public IReadOnlyList<NamedStructure> All => _structures;

    /// <summary>Of a name that a table has.</summary>
    public void Add(string name)
    {
        if (!_byName.ContainsKey(name) && _structures.Count < Most)
            Add(new NamedStructure(name, StructureTable.NumberOf(name) ?? StructureTable.FirstUnlisted + _structures.Count));
    }

    /// <summary>Of structures that a session names.</summary>
    public void Add(NamedStructure structure)
    {
        if (_byNumber.ContainsKey(structure.Number) || _structures.Count >= Most)
            return;
        _byNumber.Add(structure.Number, _structures.Count);
        _byName.TryAdd(structure.Name, _structures.Count);
        _structures.Add(structure);
    }

    /// <summary>Place in <see cref="All"/> of a number in a column; those that are too many are "other".</summary>
    public int IndexOf(long number)
    {
        if (_byNumber.TryGetValue(number, out int index))
            return index;
        if (number is < 0 or > int.MaxValue || _structures.Count >= Most)
            return 0;
        Add(new NamedStructure(StructureTable.NameOf((int)number), (int)number));
        return _byNumber[number];
    }
}
