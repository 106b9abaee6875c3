using System.Runtime.InteropServices;
using Denoise.Atoms;

namespace Denoise.InSitu.Native;

/// <summary><c>dn_snapshot</c> as a frame.</summary>
internal static unsafe class Snapshots
{
    /// <exception cref="SessionException">something in it is missing or impossible</exception>
    public static void Take(in DnSnapshot from, Frame frame, bool needsIds)
    {
        int count = from.NAtoms;
        if (count < 0 || from.ColumnCount < 0 || from.ElementCount < 0)
            throw Wrong($"n_atoms {count}, column_count {from.ColumnCount} and element_count {from.ElementCount} must not be negative.");
        if (from.Positions == null && count > 0)
            throw Wrong($"positions: is NULL although n_atoms is {count}.");
        if (needsIds && from.Ids == null && count > 0)
            throw Wrong("ids: is NULL, and several ranks do not know their atoms without.");
        if ((from.Elements == null && from.ElementCount > 0) || (from.Columns == null && from.ColumnCount > 0))
            throw Wrong("elements, columns: is NULL although it has a count.");
        frame.Clear();
        frame.Step = from.Step;
        frame.Time = from.HasTime == 0 ? null : from.Time;
        frame.Units = Text(from.Units);
        frame.Unwrapped = from.Unwrapped != 0;
        frame.Box = BoxOf(from);
        for (int t = 0; t < from.ElementCount; t++)
            frame.SetElement(t + 1, Text(from.Elements[t]));
        frame.Resize(count);
        new ReadOnlySpan<double>(from.Positions, 3 * count).CopyTo(frame.Positions.Span);
        if (from.Ids == null)
            frame.NumberAtoms();
        else
            new ReadOnlySpan<long>(from.Ids, count).CopyTo(frame.Ids.Span);
        if (from.Types == null)
            frame.Types.Span.Fill(1);
        else
            new ReadOnlySpan<int>(from.Types, count).CopyTo(frame.Types.Span);
        for (int i = 0; i < count; i++)
            if (frame.Types[i] < 1)
                throw new SessionException(SessionError.Input,
                    $"snapshot: atom {frame.Ids[i]} has type {frame.Types[i]}; types count from 1.");
        for (int c = 0; c < from.ColumnCount; c++)
            TakeColumn(Structs.Read<DnColumn>(from.Columns[c], $"snapshot: columns[{c}]"), c, frame);
    }

    private static void TakeColumn(in DnColumn from, int index, Frame frame)
    {
        string name = Text(from.Name) is { Length: > 0 } given ? given : throw Wrong($"columns[{index}]: has no name.");
        if (frame.FindColumn(name) is not null)
            throw Wrong($"columns[{index}]: there is another of the name {name}.");
        if (from.Kind is not (Dn.DN_KIND_INTEGER or Dn.DN_KIND_REAL))
            throw Wrong($"columns[{index}]: kind {from.Kind} is unknown; 0 is integer, 1 real.");
        bool isInteger = from.Kind == Dn.DN_KIND_INTEGER;
        void* rows = isInteger ? from.Integers : from.Reals;
        if (rows == null && frame.Count > 0)
            throw Wrong($"columns[{index}]: {(isInteger ? "integers" : "reals")} is NULL.");
        FrameColumn column = frame.SetColumn(name, isInteger ? ColumnKind.Integer : ColumnKind.Real);
        column.OvitoName = Text(from.OvitoName);
        new ReadOnlySpan<long>(rows, frame.Count).CopyTo(new Span<long>(column.RawPointer, frame.Count));
    }

    private static Box BoxOf(in DnSnapshot from)
    {
        Box box = new(new(from.Cell[0], from.Cell[1], from.Cell[2]), new(from.Cell[3], from.Cell[4], from.Cell[5]),
            new(from.Cell[6], from.Cell[7], from.Cell[8]), new(from.Origin[0], from.Origin[1], from.Origin[2]),
            from.Periodic[0] != 0, from.Periodic[1] != 0, from.Periodic[2] != 0);
        bool isFinite = double.IsFinite(box.Volume) && double.IsFinite(1 / box.Volume) && double.IsFinite(box.Origin.Length);
        return isFinite && box.Volume > 0 ? box : throw Wrong("cell, origin: the edges span no volume, or are not finite.");
    }

    private static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);

    private static SessionException Wrong(string what) => new(SessionError.Argument, "snapshot: " + what);
}
