using System.Buffers.Binary;
using Denoise.Atoms;
using Denoise.Trajectories.Binary;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.NetCdf;

/// <summary>
/// NetCDF trajectories by AMBER's conventions (https://ambermd.org/netcdf/nctraj.xhtml), as AMBER, LAMMPS (dump netcdf) and ASE write
/// them: coordinates, lengths and angles of the cell, time, and LAMMPS's id, type and cell_origin. Any other numbers of atoms become columns.
/// Without types all atoms are of type 1; without ids they are numbered.
/// </summary>
internal sealed class NetCdfReader : TrajectoryReader
{
    private const int PieceBytes = 64 * 1024;
    private const int MostComponents = 9;

    private readonly byte[] _piece = new byte[PieceBytes];
    private readonly double[] _lengths = new double[3], _angles = new double[3], _origin = new double[3];
    private NetCdfHeader? _header;
    private NetCdfVariable[] _variables = [];
    private NetCdfVariable _coordinates = null!;
    private long _atoms, _recordBytes;

    public NetCdfReader(LineScanner scanner)
        : base(scanner)
    {
    }

    public override TrajectoryFormat Format => TrajectoryFormats.NetCdf;

    public static bool Recognizes(FileHead head) => NetCdfHeader.Recognizes(head);

    private protected override bool ReadFrame(Frame frame) => Pass(frame);

    private protected override bool SkipFrame(Frame scratch) => Pass(null);

    private bool Pass(Frame? frame)
    {
        Begin();
        if (_header!.Records is { } records ? FramesRead >= records : Scanner.Head(1).IsEmpty)
            return false;
        if (frame is not null)
        {
            frame.Resize(0);
            frame.Step = FramesRead;
            Array.Clear(_lengths);
            Array.Clear(_origin);
            Array.Fill(_angles, 90);
        }

        bool hasIds = false, hasTypes = false;
        foreach (NetCdfVariable variable in _variables)
        {
            SkipTo(variable);
            if (frame is null || !Take(frame, variable, ref hasIds, ref hasTypes))
                Skip(variable.Bytes);
        }

        if (_header.Records is null || FramesRead + 1 < _header.Records)
            Skip(Math.Max(0, _variables[0].Begin + (FramesRead + 1) * _recordBytes - Scanner.Offset));
        if (frame is not null)
            Complete(frame, hasIds, hasTypes);
        return true;
    }

    private void Begin()
    {
        if (_header is not null)
            return;
        NetCdfHeader header = new(Scanner, Damaged, Truncated);
        _variables = [.. header.Variables.Where(variable => variable.IsRecord)];
        _coordinates = _variables.FirstOrDefault(v => v.Name == "coordinates") ??
            _variables.FirstOrDefault(v => v.Name == "unwrapped_coordinates") ??
            throw Damaged("it has no variable 'coordinates' for every frame; it is no trajectory by AMBER's conventions");
        if (_coordinates.Shape is not [>= 0 and <= int.MaxValue, 3] || _coordinates.Type is not (NetCdfType.Float or NetCdfType.Double))
            throw Damaged("its coordinates are not three reals of every atom");
        _atoms = _coordinates.Shape[0];
        // Where there is only one such variable, nothing fills it up.
        _recordBytes = _variables.Length == 1 ? _coordinates.Bytes : _variables.Sum(variable => (double)variable.Bytes) < long.MaxValue / 4
            ? _variables.Sum(variable => (variable.Bytes + 3) / 4 * 4) : throw Damaged("a frame is impossibly long");
        if (_recordBytes == 0)
            throw Damaged("its frames are empty");
        _header = header;
    }

    private void SkipTo(NetCdfVariable variable)
    {
        Int128 place = (Int128)variable.Begin + (Int128)FramesRead * _recordBytes;
        if (place < Scanner.Offset || place > long.MaxValue)
            throw Damaged($"variable {Quote.Short(variable.Name)} begins within another");
        Skip((long)place - Scanner.Offset);
    }

    private void Skip(long bytes)
    {
        if (Scanner.SkipBytes(bytes) < bytes)
            throw Truncated("its numbers are not all there");
    }

    /// <summary>Reads a variable that is of use; false: it is not.</summary>
    private bool Take(Frame frame, NetCdfVariable variable, ref bool hasIds, ref bool hasTypes)
    {
        if (variable == _coordinates)
        {
            double length = Length(variable.Units) * variable.Factor;
            Each(frame, variable, (k, x) => frame.Positions[k] =
                double.IsFinite(x) ? x * length : throw Damaged($"coordinate {k % 3 + 1} of atom {k / 3 + 1} is not finite"));
            return true;
        }

        if (variable.Name is "cell_lengths" or "cell_angles" or "cell_origin" && variable.Shape is [3] && variable.Type != NetCdfType.Char)
        {
            bool isAngle = variable.Name == "cell_angles";
            double unit = variable.Factor * (isAngle ? 1 : Length(_coordinates.Units));
            double[] target = isAngle ? _angles : variable.Name == "cell_lengths" ? _lengths : _origin;
            Each(null, variable, (k, x) => target[k] = x * unit);
            return true;
        }

        if (variable.Name is "time" or "step" && variable.Shape is [] or [1] && variable.Type != NetCdfType.Char)
        {
            Each(null, variable, (_, x) =>
            {
                if (variable.Name == "time")
                    frame.Time = double.IsFinite(x) ? x * variable.Factor : null;
                else if (Math.Abs(x) < long.MaxValue)
                    frame.Step = (long)x;
            });
            return true;
        }

        return variable.Type != NetCdfType.Char && variable.Shape.Length is 1 or 2 && variable.Shape[0] == _atoms &&
            TakeColumn(frame, variable, ref hasIds, ref hasTypes);
    }

    private bool TakeColumn(Frame frame, NetCdfVariable variable, ref bool hasIds, ref bool hasTypes)
    {
        if (variable.Name is "id" or "type" or "atom_type" or "atom_types" && variable.Shape.Length == 1 && variable.IsWhole)
        {
            if (variable.Name == "id")
            {
                hasIds = true;
                Each(frame, variable, (k, x) => frame.Ids[k] = (long)x);
            }
            else
            {
                hasTypes = true;
                Each(frame, variable, (k, x) => frame.Types[k] =
                    x is >= 1 and <= TypeNames.MaxType ? (int)x : throw Damaged($"atom {k + 1} is of type {x}"));
            }

            return true;
        }

        long components = variable.Shape.Length == 1 ? 1 : variable.Shape[1];
        if (components is < 1 or > MostComponents || variable.Name.Length == 0 || variable.Name.Any(c => c <= ' ' || char.IsControl(c)))
            return false;
        FrameColumn[] columns = [.. Enumerable.Range(0, (int)components).Select(c =>
            frame.SetColumn(Name(variable.Name, c, components), variable.IsWhole ? ColumnKind.Integer : ColumnKind.Real))];
        Each(frame, variable, (k, x) =>
        {
            FrameColumn column = columns[k % components];
            if (variable.IsWhole)
                column.Integers[(int)(k / components)] = (long)x;
            else
                column.Reals[(int)(k / components)] = x * variable.Factor;
        });
        return true;
    }

    private static string Name(string name, int component, long components) => (name, components) switch
    {
        (_, 1) => name,
        ("velocities", 3) => "v" + "xyz"[component],
        ("forces", 3) => "f" + "xyz"[component],
        _ => $"{name}[{component + 1}]",
    };

    /// <param name="frame">grows as the first numbers of its atoms arrive: their number is believed only so far; null: not of atoms</param>
    /// <param name="variable">whose numbers come next</param>
    /// <param name="use">gets the number of each and its value</param>
    private void Each(Frame? frame, NetCdfVariable variable, Action<long, double> use)
    {
        int item = variable.ItemBytes;
        long perAtom = frame is null || _atoms == 0 ? 1 : variable.Items / _atoms;
        for (long done = 0; done < variable.Items;)
        {
            int count = (int)Math.Min(_piece.Length / item / perAtom * perAtom, variable.Items - done);
            Span<byte> piece = _piece.AsSpan(0, count * item);
            if (Scanner.ReadBytes(piece) < piece.Length)
                throw Truncated("its numbers are not all there");
            long atoms = (done + count) / perAtom;
            if (frame is not null && atoms > frame.Count)
                frame.Grow((int)atoms);
            for (int k = 0; k < count; k++)
                use(done + k, Value(piece[(k * item)..], variable.Type));
            done += count;
        }
    }

    private static double Value(ReadOnlySpan<byte> bytes, NetCdfType type) => type switch
    {
        NetCdfType.Float => BinaryPrimitives.ReadSingleBigEndian(bytes),
        NetCdfType.Double => BinaryPrimitives.ReadDoubleBigEndian(bytes),
        NetCdfType.Int => BinaryPrimitives.ReadInt32BigEndian(bytes),
        NetCdfType.UnsignedInt => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        NetCdfType.Short => BinaryPrimitives.ReadInt16BigEndian(bytes),
        NetCdfType.UnsignedShort => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        NetCdfType.Byte => (sbyte)bytes[0],
        NetCdfType.Long => BinaryPrimitives.ReadInt64BigEndian(bytes),
        NetCdfType.UnsignedLong => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        _ => bytes[0],
    };

    private void Complete(Frame frame, bool hasIds, bool hasTypes)
    {
        if (!hasIds)
            frame.NumberAtoms();
        if (!hasTypes)
            frame.Types.Span.Fill(1);
        frame.Unwrapped = _coordinates.Name == "unwrapped_coordinates";
        Box? box = CellShape.Of(_lengths[0], _lengths[1], _lengths[2], CellShape.Cosine(_angles[0]), CellShape.Cosine(_angles[1]),
            CellShape.Cosine(_angles[2]));
        frame.Box = box is null || !_origin.All(double.IsFinite) ? OpenBox.Around(frame)
            : box with { Origin = new(_origin[0], _origin[1], _origin[2]) };
    }

    /// <summary>Å in a unit that files name; 1 where they name none that is known.</summary>
    private static double Length(string units) => units.ToLowerInvariant() switch
    {
        "nanometer" or "nanometers" or "nm" => 10,
        "meter" or "meters" or "m" => 1e10,
        "bohr" or "bohrs" => 0.529177210903,
        _ => 1,
    };

    private InputException Damaged(string problem) => new($"{Path}: this NetCDF file cannot be read: {problem}");
}
