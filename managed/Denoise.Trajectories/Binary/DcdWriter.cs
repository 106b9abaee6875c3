using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Binary;

/// <summary>
/// Writes DCD files as CHARMM 24 does, with a cell in every frame: positions in single precision, and nothing else of an atom. A box that
/// does not stand as cells do is turned, with its atoms.
/// </summary>
internal sealed class DcdWriter : FrameFormatter
{
    private const int CharmmVersion = 24;
    private const int TitleBytes = 80;
    private const int PieceAtoms = 4096;

    // Three records: settings, one line of title, the number of atoms.
    private const int SettingsBytes = 84;

    private readonly byte[] _piece = new byte[sizeof(float) * PieceAtoms];

    public override int HeadBytes => 8 + SettingsBytes + 8 + 4 + TitleBytes + 8 + 4;

    public override byte[] Head(FramePiece all, long frames)
    {
        if (frames > int.MaxValue || all.FirstStep is < int.MinValue or > int.MaxValue)
            throw new InputException($"{frames} frames from step {all.FirstStep} are more than a DCD file can say; choose another format");
        byte[] head = new byte[HeadBytes];
        Span<byte> rest = head;
        Put(ref rest, SettingsBytes);
        Encoding.ASCII.GetBytes("CORD", rest);
        Span<int> settings = stackalloc int[20];
        long between = frames > 1 ? (all.LastStep - all.FirstStep) / (frames - 1) : 1;
        (settings[0], settings[1], settings[2]) = ((int)frames, (int)all.FirstStep, (int)Math.Clamp(between, 1, int.MaxValue)); // readers divide by it
        settings[3] = (int)Math.Clamp(all.LastStep - all.FirstStep, 0, int.MaxValue);
        settings[9] = BitConverter.SingleToInt32Bits(1); // length of a step, which frames do not know
        (settings[10], settings[19]) = (1, CharmmVersion);
        for (int k = 0; k < settings.Length; k++)
            BinaryPrimitives.WriteInt32LittleEndian(rest[(4 + 4 * k)..], settings[k]);
        rest = rest[SettingsBytes..];
        Put(ref rest, SettingsBytes, 4 + TitleBytes, 1);
        Encoding.ASCII.GetBytes("Denoise.InSitu".PadRight(TitleBytes), rest);
        rest = rest[TitleBytes..];
        Put(ref rest, 4 + TitleBytes, 4, all.Atoms, 4);
        return head;
    }

    private protected override void WriteFrame(Frame frame)
    {
        Box box = frame.Box;
        (double alpha, double beta, double gamma) = CellShape.Cosines(box);
        Int(6 * sizeof(double));
        foreach (double value in (ReadOnlySpan<double>)[box.A.Length, CellShape.Degrees(gamma), box.B.Length, CellShape.Degrees(beta),
            CellShape.Degrees(alpha), box.C.Length])
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_piece, value);
            Output.Bytes(_piece.AsSpan(0, sizeof(double)));
        }

        Int(6 * sizeof(double));
        if (frame.Count > int.MaxValue / sizeof(float))
            throw new InputException($"{frame.Count} atoms are more than a DCD file can hold; choose another format");
        TurnedPositions positions = new(frame);
        for (int axis = 0; axis < 3; axis++)
        {
            Int(sizeof(float) * frame.Count);
            for (int done = 0; done < frame.Count; done += PieceAtoms)
            {
                int atoms = Math.Min(PieceAtoms, frame.Count - done);
                for (int k = 0; k < atoms; k++)
                    BinaryPrimitives.WriteSingleLittleEndian(_piece.AsSpan(sizeof(float) * k), positions.Single(done + k, axis));
                Output.Bytes(_piece.AsSpan(0, sizeof(float) * atoms));
            }

            Int(sizeof(float) * frame.Count);
        }
    }

    private static void Put(ref Span<byte> target, params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target, value);
            target = target[4..];
        }
    }

    private void Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_piece, value);
        Output.Bytes(_piece.AsSpan(0, 4));
    }
}
