using System.Text.RegularExpressions;
using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// LAMMPS data files (https://docs.lammps.org/read_data.html): one frame, periodic in all directions. Masses and their comments
/// name the elements, image flags and velocities become columns; bonds, coefficients and the like are passed over.
/// </summary>
internal sealed unsafe partial class LammpsDataReader : TrajectoryReader
{
    private readonly AtomTableReader _table;
    private readonly DataHeader _header = new();
    private readonly DataTypes _types = new();

    public LammpsDataReader(LineScanner scanner)
        : base(scanner)
    {
        _table = new AtomTableReader(this, scanner) { CommentStart = (byte)'#', Announced = "the first atom has" };
    }

    public override TrajectoryFormat Format => TrajectoryFormats.LammpsData;

    /// <summary>A line with the number of atoms, behind a first line of free text.</summary>
    public static bool Recognizes(FileHead head) => head.Lines.Skip(1).Any(line =>
        FileHead.Words(line.Split('#')[0]) is [string count, "atoms"] && long.TryParse(count, out _));

    private protected override bool HasManyFrames => false;

    private protected override bool ReadFrame(Frame frame)
    {
        if (FramesRead > 0)
            return false;

        ReadTitle(frame);
        bool inHeader = true, hasAtoms = false;
        while (TryReadLine(out Fields line, out string? comment))
        {
            if (inHeader && _header.TryTake(line, Scanner))
                continue;
            if (inHeader)
                EndHeader(frame);
            inHeader = false;

            string section = string.Join(' ', FileHead.Words(Utf8.String(line.Rest)));
            if (section == "Masses")
                ReadMasses();
            else if (section == "Atom Type Labels")
                ReadTypeLabels();
            else if (section == "Atoms")
            {
                ReadAtoms(frame, comment);
                hasAtoms = true;
            }
            else if (section == "Velocities" && hasAtoms)
                ReadVelocities(frame);
            else if (section.Length > 0 && char.IsAsciiLetterUpper(section[0]))
                SkipSection();
            else
                throw Scanner.Fault($"{Quote.Of(section)} is no section of a data file; " +
                    "do the counts in the header agree with the sections?");
        }

        if (!hasAtoms)
            throw Truncated("the section Atoms is missing");
        _types.NameElements(frame);
        WarnIfLastLineIsOpen();
        return true;
    }

    [GeneratedRegex(@"timestep = (\d{1,18})\b")]
    private static partial Regex TimestepPattern();

    [GeneratedRegex(@"units = (\w+)")]
    private static partial Regex UnitsPattern();

    /// <summary>The first line is free text; LAMMPS itself puts the time step and the units there.</summary>
    private void ReadTitle(Frame frame)
    {
        if (!Scanner.TryReadLine(out ReadOnlySpan<byte> line))
            throw Truncated("all but its name is missing");
        string title = Utf8.String(line);
        if (TimestepPattern().Match(title) is { Success: true } step)
            frame.Step = long.Parse(step.Groups[1].ValueSpan);
        if (UnitsPattern().Match(title) is { Success: true } units)
            frame.Units = units.Groups[1].Value;
    }

    /// <summary>The next line that is not blank, without its comment.</summary>
    private bool TryReadLine(out Fields line, out string? comment)
    {
        comment = null;
        while (Scanner.TryReadLine(out byte* start, out byte* end))
        {
            int hash = new ReadOnlySpan<byte>(start, (int)(end - start)).IndexOf((byte)'#');
            line = new Fields(start, hash < 0 ? end : start + hash);
            if (line.AtEnd)
                continue;
            if (hash >= 0)
                comment = Utf8.String(Utf8.Trim(new ReadOnlySpan<byte>(start + hash + 1, (int)(end - start) - hash - 1)));
            return true;
        }

        line = default;
        return false;
    }

    private void EndHeader(Frame frame)
    {
        if (_header.Atoms is < 0 or > int.MaxValue)
            throw Scanner.Fault(_header.Atoms < 0
                ? "the header has no line 'N atoms'"
                : $"{_header.Atoms} atoms are not possible; a frame holds from 0 to {int.MaxValue}");
        frame.Box = _header.Box(Scanner);
    }

    private void ReadMasses()
    {
        for (long k = 0; k < Math.Max(_header.AtomTypes, 0); k++)
        {
            if (!TryReadLine(out Fields line, out string? comment))
                throw Truncated($"{k} of {_header.AtomTypes} masses are there");
            if (!TryNextType(ref line, out int type) || !line.TryNextDouble(out double mass) || !line.AtEnd)
                throw Scanner.Fault($"a mass is a type and a number; 'atom types' in the header announces {_header.AtomTypes} of them");
            _types.AddMass(type, mass, comment?.Split(' ', '\t')[0]);
        }
    }

    private bool TryNextType(ref Fields line, out int type)
    {
        if (line.TryNextInteger(out long number))
        {
            type = (int)Math.Clamp(number, 0, int.MaxValue);
            return number is >= 1 and <= TypeNames.MaxType;
        }

        type = 0;
        return _types.Labels?.TryGetValue(line.NextString(), out type) == true;
    }

    private void ReadTypeLabels()
    {
        for (long k = 0; k < Math.Max(_header.AtomTypes, 0); k++)
        {
            if (!TryReadLine(out Fields line, out _))
                throw Truncated($"{k} of {_header.AtomTypes} type labels are there");
            if (!line.TryNextInteger(out long type) || type is < 1 or > TypeNames.MaxType || line.AtEnd)
                throw Scanner.Fault("a type label is a type and a word");
            _types.AddLabel((int)type, line.NextString());
        }
    }

    private void ReadAtoms(Frame frame, string? comment)
    {
        if (_header.Atoms == 0)
            return;
        if (!TryReadLine(out Fields line, out _))
            throw Truncated($"0 of {_header.Atoms} atoms are there");
        int count = 0;
        while (!line.Next().IsEmpty)
            count++;
        // The comment names the style, or is one.
        DataAtomStyle? style = comment is null ? null : DataAtomStyle.Find(comment.Split(' ', '\t')[0]);
        string[] columns = style is null
            ? new DataStyleGuess(_header.AtomTypes, _types.Labels, frame.Box).Columns(FirstRows(count), Scanner)
            : style.Of(count) ?? throw Scanner.Fault($"atom style {style.Name} has {style.Columns.Length} columns (3 more with image " +
                $"flags), this line {count}; correct the line or the style behind the section's name");
        Scanner.Unread();
        _table.TypeLabels = _types.Labels;
        _table.Read(frame, DataAtomStyle.Fields(columns), (int)_header.Atoms);
    }

    /// <summary>The atom lines within reach that have so many columns, the last line read being the first of them.</summary>
    private List<string[]> FirstRows(int count)
    {
        Scanner.Unread();
        ReadOnlySpan<byte> head = Scanner.Head(FileHead.Length);
        int whole = head.LastIndexOf((byte)'\n');
        List<string[]> rows = [];
        foreach (string line in Utf8.String(whole < 0 ? head : head[..whole]).Split('\n'))
        {
            string[] words = FileHead.Words(line.Split('#')[0]);
            if (words.Length == 0 || rows.Count == _header.Atoms)
                break;
            if (words.Length == count)
                rows.Add(words);
        }

        Scanner.TryReadLine(out ReadOnlySpan<byte> _);
        return rows;
    }

    private void ReadVelocities(Frame frame)
    {
        FrameColumn[] columns = [.. "xyz".Select(axis => frame.SetColumn($"v{axis}", ColumnKind.Real))];
        Dictionary<long, int>? rowOfId = null;
        for (int k = 0; k < frame.Count; k++)
        {
            if (!TryReadLine(out Fields line, out _))
                throw Truncated($"{k} of {frame.Count} velocities are there");
            if (!line.TryNextInteger(out long id))
                throw Scanner.Fault($"a velocity is an atom id and three numbers; {k} of {frame.Count} are read");
            int row = k;
            // Written by LAMMPS, both sections are in the same order.
            if (frame.Ids[k] != id && !(rowOfId ??= RowOfId(frame)).TryGetValue(id, out row))
                throw Scanner.Fault($"the velocity of atom {id} is given, but the section Atoms has no such atom");
            foreach (FrameColumn column in columns)
                if (line.TryNextDouble(out double v))
                    column.Reals[row] = v;
                else
                    throw Scanner.LineFeedSeen
                        ? Scanner.Fault("a velocity is an atom id and three numbers")
                        : Truncated($"{k} of {frame.Count} velocities are there");
        }
    }

    private static Dictionary<long, int> RowOfId(Frame frame)
    {
        Dictionary<long, int> rows = new(frame.Count);
        for (int i = 0; i < frame.Count; i++)
            rows[frame.Ids[i]] = i;
        return rows;
    }

    /// <summary>The lines of a section start with a number, the name of the next with a letter.</summary>
    private void SkipSection()
    {
        while (Scanner.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty || !char.IsAsciiLetterUpper((char)line[0]))
                continue;
            Scanner.Unread();
            return;
        }
    }
}
