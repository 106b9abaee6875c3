using Denoise.Atoms;

namespace Denoise.Trajectories.Molecular;

/// <summary>What atoms of a GRO or PDB file are: types by element, in the order in which they appear, and molecules by residue.</summary>
internal sealed class MoleculeRows
{
    // Alike in all frames of a file. Sites without an element are a type that has none.
    private readonly List<string?> _kinds = [];

    private readonly List<long> _molecules = [];
    private string _residue = "";
    private long _molecule;

    public void Begin()
    {
        _molecules.Clear();
        (_residue, _molecule) = ("", 0);
    }

    /// <param name="frame">has room for it</param>
    /// <param name="residue">text that differs from one molecule to the next</param>
    /// <param name="element">symbol; null: the site has none</param>
    public void Add(Frame frame, string residue, string? element)
    {
        if (residue != _residue || _molecule == 0)
            _molecule++;
        _residue = residue;
        int kind = _kinds.IndexOf(element);
        if (kind < 0)
        {
            kind = _kinds.Count;
            _kinds.Add(element);
        }

        frame.Types[_molecules.Count] = kind + 1;
        _molecules.Add(_molecule);
    }

    public void Store(Frame frame)
    {
        for (int k = 0; k < _kinds.Count; k++)
            frame.SetElement(k + 1, _kinds[k]);
        Span<long> column = frame.SetColumn(ColumnNames.Molecule, ColumnKind.Integer).Integers;
        for (int i = 0; i < frame.Count; i++)
            column[i] = _molecules[i];
    }
}
