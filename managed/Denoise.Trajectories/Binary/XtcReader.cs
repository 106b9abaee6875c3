using System.Buffers.Binary;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Binary;

/// <summary>GROMACS XTC files: positions and box, in nm; all atoms are of type 1, numbered in the order of the file.</summary>
internal sealed class XtcReader : TrajectoryReader
{
    public const int Magic = 1995;

    /// <summary>So few atoms are not packed.</summary>
    public const int FewAtoms = 9;

    public const double Angstroms = 10;

    private const int HeadBytes = 52;
    private const int PackedHeadBytes = 36;
    private const int TrustedBytes = 1 << 20;

    private readonly byte[] _head = new byte[HeadBytes];
    private readonly byte[] _packedHead = new byte[PackedHeadBytes];
    private byte[] _packed = [];

    public XtcReader(LineScanner scanner)
        : base(scanner)
    {
    }

    public override TrajectoryFormat Format => TrajectoryFormats.Xtc;

    public static bool Recognizes(FileHead head) =>
        head.Bytes.Length >= 8 && BinaryPrimitives.ReadInt32BigEndian(head.Bytes) == Magic;

    private protected override bool ReadFrame(Frame frame) => Pass(frame);

    private protected override bool SkipFrame(Frame scratch) => Pass(null);

    private bool Pass(Frame? frame)
    {
        int read = Scanner.ReadBytes(_head);
        if (read == 0)
            return false;
        if (read < HeadBytes)
            throw Truncated("its header is cut");
        int atoms = Int(_head, 4);
        if (Int(_head, 0) != Magic || atoms < 0)
            throw Damaged("its header is none");
        Span<byte> size = stackalloc byte[4];
        if (Scanner.ReadBytes(size) < 4)
            throw Truncated("its header is cut");
        if (BinaryPrimitives.ReadInt32BigEndian(size) != atoms)
            throw Damaged("it has two numbers of atoms");
        bool isPacked = atoms > FewAtoms;
        if (isPacked && Scanner.ReadBytes(_packedHead) < PackedHeadBytes)
            throw Truncated("its positions are not all there");
        int bytes = isPacked ? Int(_packedHead, 32) : 12 * atoms;
        if (bytes < 0 || bytes > int.MaxValue - 3)
            throw Damaged("its length is impossible");
        bytes = (bytes + 3) / 4 * 4;
        if (frame is null)
        {
            if (Scanner.SkipBytes(bytes) < bytes)
                throw Truncated("its positions are not all there");
            return true;
        }

        ReadPacked(bytes);
        if (isPacked && atoms > 8L * bytes)
            throw Damaged($"{atoms} atoms are not in {bytes} bytes");
        frame.Resize(atoms);
        frame.NumberAtoms();
        frame.Types.Span.Fill(1);
        frame.Step = Int(_head, 8);
        frame.Time = Single(_head, 12);
        if (isPacked)
            Unpack(frame, _packed.AsSpan(0, bytes));
        else
            for (int k = 0; k < 3 * atoms; k++)
                frame.Positions[k] = Angstroms * Single(_packed, 4 * k);
        foreach (double x in frame.Positions.Span)
            if (!double.IsFinite(x))
                throw Damaged("a position is not finite");
        SetBox(frame);
        // Whole molecules reach across the faces of their box.
        frame.Unwrapped = false;
        return true;
    }

    private void ReadPacked(int bytes)
    {
        int filled = 0;
        while (filled < bytes)
        {
            int next = (int)Math.Min(bytes, Math.Max(TrustedBytes, 2L * filled));
            if (_packed.Length < next)
                Array.Resize(ref _packed, next);
            int read = Scanner.ReadBytes(_packed.AsSpan(filled, next - filled));
            filled += read;
            if (filled < next)
                throw Truncated("its positions are not all there");
        }
    }

    private void Unpack(Frame frame, ReadOnlySpan<byte> bytes)
    {
        double factor = Angstroms / Single(_packedHead, 0);
        int lowA = Int(_packedHead, 4), lowB = Int(_packedHead, 8), lowC = Int(_packedHead, 12), small = Int(_packedHead, 28);
        uint a = Range(16, lowA), b = Range(20, lowB), c = Range(24, lowC);
        if (!(factor > 0) || !double.IsFinite(factor) || a == 0 || b == 0 || c == 0 ||
            small < XtcCoding.FirstSmall || small > XtcCoding.LastSmall)
            throw Damaged("the header of its positions is none");
        bool isShared = (a | b | c) <= XtcCoding.LargestShared;
        int bits = isShared ? XtcCoding.BitsOf(a, b, c) : 0;
        int bitsA = XtcCoding.BitsOf(a), bitsB = XtcCoding.BitsOf(b), bitsC = XtcCoding.BitsOf(c);
        int smaller = XtcCoding.RangeOf(Math.Max(XtcCoding.FirstSmall, small - 1)) / 2, half = XtcCoding.RangeOf(small) / 2;
        BitReader reader = new(bytes);
        int atom = 0, run = 0;
        while (atom < frame.Count)
        {
            (int x, int y, int z) = isShared
                ? reader.Take(bits, b, c) : ((int)reader.Take(bitsA), (int)reader.Take(bitsB), (int)reader.Take(bitsC));
            (x, y, z) = (x + lowA, y + lowB, z + lowC);
            int change = 0;
            if (reader.Take(1) != 0)
            {
                run = (int)reader.Take(5);
                change = run % 3;
                run -= change;
                change--;
            }

            if (run == 0)
                Set(x, y, z);
            (int px, int py, int pz) = (x, y, z);
            for (int k = 0; k < run; k += 3)
            {
                uint range = (uint)XtcCoding.RangeOf(small);
                (int dx, int dy, int dz) = reader.Take(small, range, range);
                (x, y, z) = (dx + px - half, dy + py - half, dz + pz - half);
                if (k == 0)
                {
                    // The first two come in turn, which suits water.
                    Set(x, y, z);
                    (x, y, z, px, py, pz) = (px, py, pz, x, y, z);
                }
                else
                {
                    (px, py, pz) = (x, y, z);
                }

                Set(x, y, z);
            }

            small += change;
            if (small < XtcCoding.FirstSmall || small > XtcCoding.LastSmall || reader.IsBehindEnd)
                throw Damaged("its positions are not what they should be");
            if (change < 0)
                (half, smaller) = (smaller, small > XtcCoding.FirstSmall ? XtcCoding.RangeOf(small - 1) / 2 : 0);
            else if (change > 0)
                (smaller, half) = (half, XtcCoding.RangeOf(small) / 2);
        }

        void Set(int x, int y, int z)
        {
            if (atom == frame.Count)
                throw Damaged("it has more positions than atoms");
            frame.Positions[3L * atom] = x * factor;
            frame.Positions[3L * atom + 1] = y * factor;
            frame.Positions[3L * atom + 2] = z * factor;
            atom++;
        }

        uint Range(int at, int low) => (uint)(Int(_packedHead, at) - low + 1);
    }

    private void SetBox(Frame frame)
    {
        Span<Vec3> edges = stackalloc Vec3[3];
        for (int k = 0; k < 3; k++)
            edges[k] = new Vec3(Single(_head, 16 + 12 * k), Single(_head, 20 + 12 * k), Single(_head, 24 + 12 * k)) * Angstroms;
        Box box = new(edges[0], edges[1], edges[2], default, true, true, true);
        frame.Box = box.Volume > 0 && double.IsFinite(1 / box.Volume) && double.IsFinite(box.Volume) ? box : OpenBox.Around(frame);
    }

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);

    private static double Single(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadSingleBigEndian(bytes[at..]);

    private InputException Damaged(string problem) =>
        new($"{Path}: frame {FramesRead + 1} of this XTC file is damaged: {problem}; leave it out");
}
