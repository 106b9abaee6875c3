using System.Buffers.Binary;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Binary;

/// <summary>
/// DCD files of CHARMM, NAMD and LAMMPS, of either byte order; all atoms are of type 1, numbered in the order of the file.
/// </summary>
internal sealed class DcdReader : TrajectoryReader
{
    private const int HeadBytes = 84;
    private const int LongestTitle = 1 << 20;
    private const int PieceAtoms = 4096;

    private readonly byte[] _piece = new byte[4 * PieceAtoms];
    private bool _isBegun, _bigEndian, _hasCell, _hasFourth;
    private int _atoms;
    private long _firstStep, _stepsBetween;

    public DcdReader(LineScanner scanner)
        : base(scanner)
    {
    }

    public override TrajectoryFormat Format => TrajectoryFormats.Dcd;

    public static bool Recognizes(FileHead head) => head.Bytes is [HeadBytes, 0, 0, 0, (byte)'C', (byte)'O', (byte)'R', (byte)'D', ..] or
        [0, 0, 0, HeadBytes, (byte)'C', (byte)'O', (byte)'R', (byte)'D', ..];

    private protected override bool ReadFrame(Frame frame) => Pass(frame);

    private protected override bool SkipFrame(Frame scratch) => Pass(null);

    private bool Pass(Frame? frame)
    {
        Begin();
        if (Scanner.Head(1).IsEmpty)
            return false;
        Box? box = null;
        if (_hasCell)
        {
            Span<byte> cell = stackalloc byte[48];
            Fixed(cell);
            box = Cell(cell);
        }

        if (frame is not null)
        {
            frame.Resize(0);
            frame.Step = _firstStep + FramesRead * _stepsBetween;
        }

        for (int axis = 0; axis < (_hasFourth ? 4 : 3); axis++)
            Coordinates(axis < 3 ? frame : null, axis);
        if (frame is null)
            return true;
        frame.NumberAtoms();
        frame.Types.Span.Fill(1);
        frame.Box = box ?? OpenBox.Around(frame);
        return true;
    }

    private void Begin()
    {
        if (_isBegun)
            return;
        _isBegun = true;
        ReadOnlySpan<byte> first = Scanner.Head(4);
        _bigEndian = first.Length == 4 && first[0] == 0;
        Span<byte> head = stackalloc byte[HeadBytes];
        Fixed(head);
        if (Int(head[36..]) != 0)
            throw Damaged("it has fixed atoms, which are not read; write it again without");
        (_firstStep, _stepsBetween) = (Int(head[8..]), Int(head[12..]));
        // X-PLOR's own form, with version 0, has no cell.
        bool isCharmm = Int(head[80..]) != 0;
        (_hasCell, _hasFourth) = (isCharmm && Int(head[44..]) != 0, isCharmm && Int(head[48..]) != 0);
        int title = Marker();
        if (title is < 0 or > LongestTitle)
            throw Damaged("its title is none");
        if (Scanner.SkipBytes(title) < title)
            throw Truncated("its title is cut");
        if (Marker() != title)
            throw Damaged("its title ends with another length than it begins with");
        Span<byte> atoms = stackalloc byte[4];
        Fixed(atoms);
        _atoms = Int(atoms);
        if (_atoms is < 0 or > int.MaxValue / 4)
            throw Damaged($"{_atoms} atoms are impossible");
    }

    /// <summary>A record of this length.</summary>
    private void Fixed(Span<byte> content)
    {
        if (Marker() != content.Length)
            throw Damaged("a record is of another length than it must be");
        if (Scanner.ReadBytes(content) < content.Length)
            throw Truncated("a record is cut");
        if (Marker() != content.Length)
            throw Damaged("a record ends with another length than it begins with");
    }

    private void Coordinates(Frame? frame, int axis)
    {
        if (Marker() != 4 * _atoms)
            throw Damaged("its coordinates are of another length than its atoms");
        for (int done = 0; done < _atoms; done += PieceAtoms)
        {
            Span<byte> piece = _piece.AsSpan(0, 4 * Math.Min(PieceAtoms, _atoms - done));
            if (Scanner.ReadBytes(piece) < piece.Length)
                throw Truncated("its coordinates are not all there");
            if (frame is null)
                continue;
            // A number of atoms is only believed as far as there are coordinates.
            if (axis == 0)
                frame.Grow(done + piece.Length / 4);
            for (int k = 0; k < piece.Length / 4; k++)
            {
                double x = BitConverter.Int32BitsToSingle(Int(piece[(4 * k)..]));
                if (!double.IsFinite(x))
                    throw Damaged("a coordinate is not finite");
                frame.Positions[3L * (done + k) + axis] = x;
            }
        }

        if (Marker() != 4 * _atoms)
            throw Damaged("a record ends with another length than it begins with");
    }

    /// <summary>Edges and angles, in degrees or as cosines; null where they are no box.</summary>
    private Box? Cell(ReadOnlySpan<byte> cell)
    {
        double[] v = new double[6];
        for (int k = 0; k < 6; k++)
            v[k] = BitConverter.Int64BitsToDouble(_bigEndian
                ? BinaryPrimitives.ReadInt64BigEndian(cell[(8 * k)..]) : BinaryPrimitives.ReadInt64LittleEndian(cell[(8 * k)..]));
        bool areCosines = Math.Abs(v[1]) <= 1 && Math.Abs(v[3]) <= 1 && Math.Abs(v[4]) <= 1;
        return CellShape.Of(v[0], v[2], v[5], Cosine(v[4]), Cosine(v[3]), Cosine(v[1]));

        double Cosine(double x) => areCosines ? x : CellShape.Cosine(x);
    }

    private int Marker()
    {
        Span<byte> bytes = stackalloc byte[4];
        return Scanner.ReadBytes(bytes) < 4 ? throw Truncated("a record is missing") : Int(bytes);
    }

    private int Int(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private InputException Damaged(string problem) =>
        new($"{Path}: frame {FramesRead + 1} of this DCD file cannot be read: {problem}");
}
