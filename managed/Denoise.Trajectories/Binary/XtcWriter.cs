using System.Buffers.Binary;
using Denoise.Atoms;

namespace Denoise.Trajectories.Binary;

/// <summary>
/// Writes GROMACS XTC frames, positions to 0.01 Å as GROMACS does; without its runs of small differences, which readers do not miss.
/// </summary>
internal sealed class XtcWriter : FrameFormatter
{
    // Per nm.
    private const float Precision = 1000;
    private const int PieceBytes = 64 * 1024;

    private readonly byte[] _four = new byte[4];
    private int[] _whole = [];
    private byte[] _packed = [];

    private protected override void WriteFrame(Frame frame)
    {
        Int(XtcReader.Magic);
        Int(frame.Count);
        Int((int)Math.Clamp(frame.Step, int.MinValue, int.MaxValue));
        Single((float)(frame.Time ?? 0));
        for (int k = 0; k < 3; k++)
            for (int a = 0; a < 3; a++)
                Single((float)(frame.Box[k][a] / XtcReader.Angstroms));
        Int(frame.Count);
        if (frame.Count <= XtcReader.FewAtoms)
            for (int k = 0; k < 3 * frame.Count; k++)
                Single((float)(frame.Positions[k] / XtcReader.Angstroms));
        else
            Pack(frame);
    }

    private void Pack(Frame frame)
    {
        int count = 3 * frame.Count;
        if (_whole.Length < count)
            _whole = new int[count];
        Span<int> low = [int.MaxValue, int.MaxValue, int.MaxValue], high = [int.MinValue, int.MinValue, int.MinValue];
        for (int k = 0; k < count; k++)
        {
            double value = Math.Round(frame.Positions[k] / XtcReader.Angstroms * Precision);
            // So that no range is above what an int holds.
            if (!(Math.Abs(value) < 1 << 30))
                throw new InputException(FormattableString.Invariant(
                    $"atom {frame.Ids[k / 3]} at {frame.Positions[k]} is too far away for an XTC file; choose another format"));
            int whole = _whole[k] = (int)value;
            (low[k % 3], high[k % 3]) = (Math.Min(low[k % 3], whole), Math.Max(high[k % 3], whole));
        }

        Single(Precision);
        foreach (int value in low)
            Int(value);
        foreach (int value in high)
            Int(value);
        Int(XtcCoding.FirstSmall);
        uint a = (uint)(high[0] - low[0]) + 1, b = (uint)(high[1] - low[1]) + 1, c = (uint)(high[2] - low[2]) + 1;
        bool isShared = (a | b | c) <= XtcCoding.LargestShared;
        int bits = isShared ? XtcCoding.BitsOf(a, b, c) : 0;
        long most = frame.Count * 13L + 16;
        if (_packed.Length < most)
            _packed = new byte[most];
        long bit = 0;
        Array.Clear(_packed);
        for (int i = 0; i < frame.Count; i++)
        {
            uint x = (uint)(_whole[3 * i] - low[0]), y = (uint)(_whole[3 * i + 1] - low[1]), z = (uint)(_whole[3 * i + 2] - low[2]);
            if (isShared)
            {
                UInt128 whole = ((UInt128)x * b + y) * c + z;
                for (int at = 0; at < bits; at += 8)
                    Put((uint)(whole >> at & byte.MaxValue), Math.Min(8, bits - at), ref bit);
            }
            else
            {
                Put(x, XtcCoding.BitsOf(a), ref bit);
                Put(y, XtcCoding.BitsOf(b), ref bit);
                Put(z, XtcCoding.BitsOf(c), ref bit);
            }

            bit++;
        }

        int bytes = (int)((bit + 7) / 8), padded = (bytes + 3) / 4 * 4;
        Int(bytes);
        for (int done = 0; done < padded; done += PieceBytes)
            Output.Bytes(_packed.AsSpan(done, Math.Min(PieceBytes, padded - done)));
    }

    private void Put(uint value, int bits, ref long bit)
    {
        for (int k = bits - 1; k >= 0; k--, bit++)
            _packed[bit >> 3] |= (byte)((value >> k & 1) << (7 - (int)(bit & 7)));
    }

    private void Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_four, value);
        Output.Bytes(_four);
    }

    private void Single(float value) => Int(BitConverter.SingleToInt32Bits(value));
}
