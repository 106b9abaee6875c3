using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// Crystallographic information files (https://www.iucr.org/resources/cif): each data block with atom sites is a frame, one unit
/// cell, filled by the symmetry operations that the block lists.
/// </summary>
internal sealed class CifReader : TrajectoryReader
{
    /// <summary>
    /// Images of one site closer than this, in Å, are one atom on a special position: coordinates such as 0.3333 miss it by their
    /// rounding, and no two atoms are ever so close.
    /// </summary>
    private const double SamePosition = 0.1;

    private readonly IEnumerator<CifBlock> _blocks;

    public CifReader(LineScanner scanner)
        : base(scanner)
    {
        _blocks = CifBlock.Read(CifTokenizer.Read(scanner), scanner.Path).GetEnumerator();
    }

    public override TrajectoryFormat Format => TrajectoryFormat.Cif;

    private protected override bool ReadFrame(Frame frame)
    {
        while (_blocks.MoveNext())
        {
            CifBlock block = _blocks.Current;
            if (block.Column("_atom_site_fract_x").Count == 0 && block.Column("_atom_site_cartn_x").Count == 0)
                continue;
            frame.Box = CifCell.ToBox(
                block.Number("_cell_length_a"), block.Number("_cell_length_b"), block.Number("_cell_length_c"),
                block.Number("_cell_angle_alpha"), block.Number("_cell_angle_beta"), block.Number("_cell_angle_gamma"))
                ?? throw new InputException($"{Path}: the lengths and angles of data block {block.Name} belong to no cell; correct them");
            ReadSites(frame, block, ReadOperations(block));
            frame.NumberAtoms();
            WarnIfLastLineIsOpen();
            return true;
        }

        return FramesRead > 0 ? false : throw new InputException($"{Path}: no data block has atom sites (_atom_site_fract_x)");
    }

    private protected override void Dispose(bool disposing) => _blocks.Dispose();

    private SymmetryOperation[] ReadOperations(CifBlock block)
    {
        IReadOnlyList<CifToken> texts = block.Column("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz");
        if (texts.Count > 0)
            return [.. texts.Select(token => SymmetryOperation.Parse(token.Text)
                ?? throw new InputException($"{Path}:{token.Line}: '{token.Text}' is no symmetry operation such as 'x,-y,z+1/2'"))];

        string? group = block.Text("_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m");
        string? number = block.Text("_space_group_it_number", "_symmetry_int_tables_number");
        if (group is null or "?" or "." ? number is null or "?" or "." or "1" : group.Replace(" ", "") == "P1")
            return [SymmetryOperation.Identity];
        throw new InputException($"{Path}: data block {block.Name} has space group {group ?? number} but lists no symmetry operations; " +
            "export it with them (_space_group_symop_operation_xyz) or as P 1");
    }

    private void ReadSites(Frame frame, CifBlock block, SymmetryOperation[] operations)
    {
        bool fractional = block.Column("_atom_site_fract_x").Count > 0;
        string kind = fractional ? "fract" : "cartn";
        var axes = Enumerable.Range(0, 3).Select(k => block.Column($"_atom_site_{kind}_{"xyz"[k]}")).ToArray();
        IReadOnlyList<CifToken> symbols = block.Column("_atom_site_type_symbol", "_atom_site_label");
        IReadOnlyList<CifToken> occupancies = block.Column("_atom_site_occupancy");
        int sites = axes[0].Count;
        if (axes[1].Count != sites || axes[2].Count != sites || symbols.Count != sites)
            throw new InputException(
                $"{Path}: the atom sites of data block {block.Name} need a symbol or label and three coordinates each");

        if (occupancies.Any(token => token.Text is not ("?" or ".") && block.Number(token) < 1))
            Warn($"{Path}: data block {block.Name} has partly occupied sites; all of them are filled");
        Dictionary<string, int> types = [];
        List<Vec3> orbit = [];
        for (int s = 0; s < sites; s++)
        {
            if (axes[0][s].Text is "?" or ".")
            {
                Warn($"{Path}:{axes[0][s].Line}: a site without coordinates is left out");
                continue;
            }

            Vec3 r = new(block.Number(axes[0][s]), block.Number(axes[1][s]), block.Number(axes[2][s]));
            string symbol = ElementTable.SymbolFromLabel(symbols[s].Text) ?? symbols[s].Text;
            if (types.TryAdd(symbol, types.Count + 1))
                frame.SetElement(types.Count, symbol);
            FillOrbit(frame.Box, fractional ? r : frame.Box.ToFractional(r), operations, orbit);
            Append(frame, orbit, types[symbol]);
        }
    }

    /// <summary>All different images of a site, in the unit cell.</summary>
    private static void FillOrbit(Box box, Vec3 site, SymmetryOperation[] operations, List<Vec3> orbit)
    {
        orbit.Clear();
        foreach (SymmetryOperation operation in operations)
        {
            Vec3 image = operation.Apply(site);
            image = new Vec3(Wrap(image.X), Wrap(image.Y), Wrap(image.Z));
            bool isNew = true;
            foreach (Vec3 known in orbit)
                isNew &= Distance(box, image - known) > SamePosition;
            if (isNew)
                orbit.Add(image);
        }
    }

    private static double Wrap(double x)
    {
        x -= Math.Floor(x);
        // -1e-17 plus one is one.
        return x < 1 ? x : 0;
    }

    /// <summary>Right for distances much below the cell, which is all that is asked here.</summary>
    private static double Distance(Box box, Vec3 d) =>
        (box.ToCartesian(new Vec3(d.X - Math.Round(d.X), d.Y - Math.Round(d.Y), d.Z - Math.Round(d.Z))) - box.Origin).Length;

    private static void Append(Frame frame, List<Vec3> orbit, int type)
    {
        int row = frame.Count;
        frame.Grow(row + orbit.Count);
        foreach (Vec3 image in orbit)
        {
            (frame.Positions[3L * row], frame.Positions[3L * row + 1], frame.Positions[3L * row + 2]) = frame.Box.ToCartesian(image);
            frame.Types[row++] = type;
        }
    }
}
