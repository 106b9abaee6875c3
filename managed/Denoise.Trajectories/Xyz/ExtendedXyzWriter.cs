using Denoise.Atoms;

namespace Denoise.Trajectories.Xyz;

/// <summary>
/// Extended XYZ (https://github.com/libAtoms/extxyz): species, positions, ids and every column of the frame, vectors joined under
/// the names that OVITO maps to its properties.
/// </summary>
internal sealed class ExtendedXyzWriter : FrameFormatter
{
    /// <summary>Property with the LAMMPS type, where two types share an element.</summary>
    public const string TypeProperty = "lammps_type";

    private readonly List<string> _names = [];

    private protected override void WriteFrame(Frame frame)
    {
        bool elements = frame.HasElements;
        bool types = elements && frame.Elements.Where(name => name is not null).GroupBy(name => name).Any(group => group.Count() > 1);
        Output.Number(frame.Count);
        Output.Byte('\n');
        WriteComment(frame, types);
        for (int i = 0; i < frame.Count; i++)
            WriteAtom(frame, i, elements, types);
    }

    private void WriteComment(Frame frame, bool types)
    {
        Box box = frame.Box;
        Output.Text("Lattice=\"");
        for (int axis = 0; axis < 3; axis++)
        {
            if (axis > 0)
                Output.Byte(' ');
            WriteVector(box[axis]);
        }

        Output.Byte('"');
        if (box.Origin != default)
        {
            Output.Text(" Origin=\"");
            WriteVector(box.Origin);
            Output.Byte('"');
        }

        Output.Text(types ? $" Properties=species:S:1:pos:R:3:id:I:1:{TypeProperty}:I:1" : " Properties=species:S:1:pos:R:3:id:I:1");
        WriteProperties(frame);
        Output.Text(" Timestep=");
        Output.Number(frame.Step);
        if (frame.Time is { } time)
        {
            Output.Text(" Time=");
            Output.Number(time);
        }

        if (frame.Units is not null)
            Output.Text($" Units={frame.Units}");
        Output.Text($" pbc=\"{Flag(box.PeriodicA)} {Flag(box.PeriodicB)} {Flag(box.PeriodicC)}\"\n");
    }

    private void WriteProperties(Frame frame)
    {
        _names.Clear();
        foreach (FrameColumn column in frame.Columns)
            _names.Add(ColumnNames.InXyz(column.Name, column.OvitoName));
        for (int start = 0; start < _names.Count;)
        {
            var (property, components) = ColumnNames.ToXyz(_names, start);
            ColumnKind widest = ColumnKind.Integer;
            for (int c = start; c < start + components; c++)
                if (frame.Columns[c].Kind > widest)
                    widest = frame.Columns[c].Kind;
            // A colon or a quote would end the name.
            Output.Text($":{property.Replace(':', '_').Replace('"', '_')}:{"IRS"[(int)widest]}:{components}");
            start += components;
        }
    }

    private void WriteAtom(Frame frame, int i, bool elements, bool types)
    {
        int type = frame.Types[i];
        if (elements)
            Output.Text(frame.ElementOf(type)!);
        else
            Output.Number(type);
        Output.Byte(' ');
        WriteVector(new Vec3(frame.Positions[3L * i], frame.Positions[3L * i + 1], frame.Positions[3L * i + 2]));
        Output.Byte(' ');
        Output.Number(frame.Ids[i]);
        if (types)
        {
            Output.Byte(' ');
            Output.Number(type);
        }

        for (int c = 0; c < frame.Columns.Count; c++)
        {
            Output.Byte(' ');
            Output.Value(frame.Columns[c], i);
        }

        Output.Byte('\n');
    }

    private void WriteVector(Vec3 v)
    {
        Output.Number(v.X);
        Output.Byte(' ');
        Output.Number(v.Y);
        Output.Byte(' ');
        Output.Number(v.Z);
    }

    private static char Flag(bool periodic) => periodic ? 'T' : 'F';
}
