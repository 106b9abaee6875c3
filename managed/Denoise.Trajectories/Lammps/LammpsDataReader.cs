using System.Buffers.Text;
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

    public LammpsDataReader(LineScanner scanner)
        : base(scanner)
    {
        _table = new AtomTableReader(this, scanner) { CommentStart = (byte)'#', Announced = "the first atom has" };
    }

    public override TrajectoryFormat Format => TrajectoryFormat.LammpsData;

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

            ReadOnlySpan<byte> section = line.Rest;
            if (section.SequenceEqual("Masses"u8))
                ReadMasses(frame);
            else if (section.SequenceEqual("Atom Type Labels"u8))
                ReadTypeLabels(frame);
            else if (section.SequenceEqual("Atoms"u8))
            {
                ReadAtoms(frame, comment);
                hasAtoms = true;
            }
            else if (section.SequenceEqual("Velocities"u8) && hasAtoms)
                ReadVelocities(frame);
            else if (!section.IsEmpty && char.IsAsciiLetterUpper((char)section[0]))
                SkipSection();
            else
                throw Scanner.Fault($"{Utf8.Quote(section)} is no section of a data file");
        }

        if (!hasAtoms)
            throw Truncated("the section Atoms is missing");
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

    private void ReadMasses(Frame frame)
    {
        for (long k = 0; k < Math.Max(_header.AtomTypes, 0); k++)
        {
            if (!TryReadLine(out Fields line, out string? comment))
                throw Truncated($"{k} of {_header.AtomTypes} masses are there");
            bool isType = line.TryNextInteger(out long type) && type is >= 1 and <= TypeNames.MaxType;
            if (!isType || !line.TryNextDouble(out double mass) || !line.AtEnd)
                throw Scanner.Fault($"a mass is a type and a number; 'atom types' in the header announces {_header.AtomTypes} of them");
            string? symbol = comment is null ? null : ElementTable.SymbolFromLabel(comment.Split(' ', '\t')[0]);
            if (symbol is null && ElementTable.AtomicNumberFromMass(mass) is > 0 and int z)
                symbol = ElementTable.Symbol(z);
            if (symbol is not null && frame.ElementOf((int)type) is null)
                frame.SetElement((int)type, symbol);
        }
    }

    private void ReadTypeLabels(Frame frame)
    {
        for (long k = 0; k < Math.Max(_header.AtomTypes, 0); k++)
        {
            if (!TryReadLine(out Fields line, out _))
                throw Truncated($"{k} of {_header.AtomTypes} type labels are there");
            if (!line.TryNextInteger(out long type) || type is < 1 or > TypeNames.MaxType || line.AtEnd)
                throw Scanner.Fault("a type label is a type and a word");
            if (ElementTable.SymbolFromLabel(line.NextString()) is { } symbol)
                frame.SetElement((int)type, symbol);
        }
    }

    private void ReadAtoms(Frame frame, string? style)
    {
        if (_header.Atoms == 0)
            return;
        if (!TryReadLine(out Fields line, out _))
            throw Truncated($"0 of {_header.Atoms} atoms are there");
        int columns = 0;
        while (!line.Next().IsEmpty)
            columns++;
        string? hint = style?.Split(' ', '\t')[0] is { Length: > 0 } word ? word : null;
        AtomField[] fields = DataAtomStyle.Fields(hint, columns, InferCharge, Scanner);
        Scanner.Unread();
        _table.Read(frame, fields, (int)_header.Atoms);
    }

    /// <summary>
    /// Tells "id type q" from "id mol type" by the atoms within reach: a type is a whole number from 1 to the number of types.
    /// </summary>
    private bool? InferCharge()
    {
        bool canBeCharge = true, canBeMolecular = true;
        Scanner.Unread();
        ReadOnlySpan<byte> head = Scanner.Head(64 * 1024);
        int whole = head.LastIndexOf((byte)'\n');
        fixed (byte* text = head)
        {
            foreach (Range range in head[..(whole < 0 ? head.Length : whole)].Split((byte)'\n'))
            {
                Fields fields = new(text + range.Start.Value, text + range.End.Value);
                if (fields.AtEnd)
                    break;
                fields.Next();
                canBeCharge &= IsType(fields.Next());
                canBeMolecular &= IsType(fields.Next());
            }
        }

        Scanner.TryReadLine(out ReadOnlySpan<byte> _);
        return canBeCharge == canBeMolecular ? null : canBeCharge;
    }

    private bool IsType(ReadOnlySpan<byte> word) =>
        Utf8Parser.TryParse(word, out long type, out int used) && used == word.Length && type >= 1 && type <= _header.AtomTypes;

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
