using Denoise.Atoms;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// LAMMPS text dumps: <c>id type [element] x y z</c> (xu yu zu where positions are unwrapped), then every column of the frame. A box
/// that LAMMPS cannot represent by tilt factors (left-handed or rotated) is written by its three edge vectors.
/// </summary>
internal sealed class LammpsDumpWriter : FrameFormatter
{
    private protected override void WriteFrame(Frame frame)
    {
        WriteHeader(frame);
        bool elements = frame.HasElements;
        Output.Text("ITEM: ATOMS id type ");
        Output.Text(elements ? "element " : "");
        Output.Text(frame.Unwrapped ? "xu yu zu" : "x y z");
        foreach (FrameColumn column in frame.Columns)
        {
            Output.Byte(' ');
            Output.Text(column.OvitoName ?? ColumnNames.ToDump(column.Name));
        }

        Output.Byte('\n');
        for (int i = 0; i < frame.Count; i++)
            WriteAtom(frame, i, elements);
    }

    private void WriteAtom(Frame frame, int i, bool elements)
    {
        Output.Number(frame.Ids[i]);
        Output.Byte(' ');
        int type = frame.Types[i];
        Output.Number(type);
        if (elements)
        {
            Output.Byte(' ');
            Output.Text(frame.ElementOf(type)!);
        }

        for (int axis = 0; axis < 3; axis++)
        {
            Output.Byte(' ');
            Output.Number(frame.Positions[3L * i + axis]);
        }

        for (int c = 0; c < frame.Columns.Count; c++)
        {
            Output.Byte(' ');
            Output.Value(frame.Columns[c], i);
        }

        Output.Byte('\n');
    }

    private void WriteHeader(Frame frame)
    {
        // LAMMPS itself writes the units once; before every frame a frame can be cut out of the file with them.
        if (frame.Units is not null)
            Output.Text($"ITEM: UNITS\n{frame.Units}\n");

        if (frame.Time is { } time)
        {
            Output.Text("ITEM: TIME\n");
            Output.Number(time);
            Output.Byte('\n');
        }

        Output.Text("ITEM: TIMESTEP\n");
        Output.Number(frame.Step);
        Output.Text("\nITEM: NUMBER OF ATOMS\n");
        Output.Number(frame.Count);
        Output.Text("\nITEM: BOX BOUNDS ");
        WriteBox(frame.Box);
    }

    private void WriteBox(Box box)
    {
        string flags = string.Join(' ', Enumerable.Range(0, 3).Select(k => box.IsPeriodic(k) ? "pp" : "ff"));
        bool restricted = box.A.X > 0 && box.A.Y == 0 && box.A.Z == 0 && box.B.Y > 0 && box.B.Z == 0 && box.C.Z > 0;
        if (restricted)
        {
            var (low, high) = DumpBox.BoundingBox(box);
            bool tilted = !box.IsOrthogonal;
            Output.Text(tilted ? $"xy xz yz {flags}\n" : $"{flags}\n");
            WriteLine(low.X, high.X, tilted ? box.B.X : null);
            WriteLine(low.Y, high.Y, tilted ? box.C.X : null);
            WriteLine(low.Z, high.Z, tilted ? box.C.Y : null);
        }
        else
        {
            Output.Text($"abc origin {flags}\n");
            WriteLine(box.A.X, box.A.Y, box.A.Z, box.Origin.X);
            WriteLine(box.B.X, box.B.Y, box.B.Z, box.Origin.Y);
            WriteLine(box.C.X, box.C.Y, box.C.Z, box.Origin.Z);
        }
    }

    private void WriteLine(double first, double second, double? third = null, double? fourth = null)
    {
        Output.Number(first);
        Output.Byte(' ');
        Output.Number(second);
        if (third is not null)
        {
            Output.Byte(' ');
            Output.Number(third.Value);
        }

        if (fourth is not null)
        {
            Output.Byte(' ');
            Output.Number(fourth.Value);
        }

        Output.Byte('\n');
    }
}
