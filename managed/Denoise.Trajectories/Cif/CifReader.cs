using Denoise.Atoms;
using Denoise.Trajectories.Lammps;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Cif;

/// <summary>
/// Crystallographic information files (https://www.iucr.org/resources/cif): each data block with atom sites is a frame, one unit
/// cell, filled by the symmetry operations that the block lists or those of the space group that it names.
/// </summary>
internal sealed class CifReader : TrajectoryReader
{
    private readonly IEnumerator<CifBlock> _blocks;

    public CifReader(LineScanner scanner)
        : base(scanner)
    {
        _blocks = CifBlock.Read(CifTokenizer.Read(scanner), scanner.Path).GetEnumerator();
    }

    public override TrajectoryFormat Format => TrajectoryFormats.Cif;

    /// <summary>
    /// The first word of a CIF opens a data block, and names follow at the beginning of lines; a first line of free text, as in data
    /// files, may begin like that too, but is not followed by names.
    /// </summary>
    public static bool Recognizes(FileHead head)
    {
        string? first = head.Lines.FirstOrDefault(line => !string.IsNullOrWhiteSpace(line) && line.TrimStart()[0] != '#');
        if (first is null || first.Contains('\0'))
            return false;
        bool hasNames = head.Lines.Any(line => IsName(line.TrimStart()));
        string word = FileHead.Words(first)[0];
        bool opensBlock = word.StartsWith("data_", StringComparison.OrdinalIgnoreCase) || word.StartsWith('_') ||
            word.Equals("loop_", StringComparison.OrdinalIgnoreCase) || word.Equals("global_", StringComparison.OrdinalIgnoreCase);
        // Some put text before the block, as in mails; and a block may be empty.
        return opensBlock && hasNames || head.Lines.Any(line => line.StartsWith("_cell", StringComparison.OrdinalIgnoreCase)) ||
            opensBlock && !LammpsDataReader.Recognizes(head);
    }

    private static bool IsName(string line) => line.StartsWith('_') || line.StartsWith("loop_", StringComparison.OrdinalIgnoreCase);

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
                ?? throw new InputException(
                    $"{Path}: the lengths and angles of data block {Quote.Short(block.Name)} belong to no cell; correct them");
            Append(frame, block);
            frame.NumberAtoms();
            WarnIfLastLineIsOpen();
            return true;
        }

        return FramesRead > 0 ? false : throw new InputException($"{Path}: no data block has atom sites (_atom_site_fract_x)");
    }

    private protected override void Dispose(bool disposing) => _blocks.Dispose();

    private void Append(Frame frame, CifBlock block)
    {
        List<CifSite> sites = CifSites.Read(block, frame.Box, Path, Warn);
        UnitCell cell = new CifFilling(Path, block.Name, Warn).Fill(frame.Box, sites, CifSymmetry.Read(block, Path));
        if (cell.SharedPlace() is (var first, var second))
        {
            throw new InputException($"{Path}: the sites {Quote.Short(first.Label)} and {Quote.Short(second.Label)} share a place" +
                $"{(second.IsPartial ? ", with an occupancy below 1" : "")}: an atom is one or the other, so keep one of them in the file, " +
                "or write a larger cell in which each atom has a place of its own");
        }

        frame.Grow(cell.Count);
        Dictionary<string, int> types = [];
        int row = 0;
        for (int s = 0; s < sites.Count; s++)
        {
            if (types.TryAdd(sites[s].Symbol, types.Count + 1))
                frame.SetElement(types.Count, sites[s].Symbol);
            foreach (Vec3 image in cell.Orbits[s])
            {
                (frame.Positions[3L * row], frame.Positions[3L * row + 1], frame.Positions[3L * row + 2]) = frame.Box.ToCartesian(image);
                frame.Types[row++] = types[sites[s].Symbol];
            }
        }
    }
}
