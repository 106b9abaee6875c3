using System.Buffers.Binary;
using System.Text;
using Denoise.Networks.Checkpoints.Pickle;

namespace Denoise.Fuzz.Mutation;

/// <summary>A pickle as the list of its instructions, each an opcode with its operand, so that mutations leave the others whole.</summary>
internal static class PickleTokens
{
    /// <summary>What cannot be cut into instructions stays one token at the end.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> pickle)
    {
        List<byte[]> tokens = [];
        while (!pickle.IsEmpty)
        {
            long length = 1 + OperandLength((Opcode)pickle[0], pickle[1..]);
            if (length < 1 || length > pickle.Length)
                length = pickle.Length;
            tokens.Add(pickle[..(int)length].ToArray());
            pickle = pickle[(int)length..];
        }

        return tokens;
    }

    public static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text), token = new byte[5 + utf8.Length];
        token[0] = (byte)Opcode.BinUnicode;
        BinaryPrimitives.WriteInt32LittleEndian(token.AsSpan(1), utf8.Length);
        utf8.CopyTo(token, 5);
        return token;
    }

    public static byte[] Integer(long value)
    {
        byte[] token = new byte[10];
        (token[0], token[1]) = ((byte)Opcode.Long1, 8);
        BinaryPrimitives.WriteInt64LittleEndian(token.AsSpan(2), value);
        return token;
    }

    public static byte[] Real(double value)
    {
        byte[] token = new byte[9];
        token[0] = (byte)Opcode.BinFloat;
        BinaryPrimitives.WriteDoubleBigEndian(token.AsSpan(1), value);
        return token;
    }

    public static bool IsText(byte[] token) => (Opcode)token[0] is Opcode.BinUnicode or Opcode.ShortBinUnicode;

    public static bool IsNumber(byte[] token) =>
        (Opcode)token[0] is Opcode.BinInt or Opcode.BinInt1 or Opcode.BinInt2 or Opcode.Long1 or Opcode.BinFloat;

    private static long OperandLength(Opcode opcode, ReadOnlySpan<byte> rest) => opcode switch
    {
        Opcode.Proto or Opcode.BinInt1 or Opcode.BinGet or Opcode.BinPut => 1,
        Opcode.BinInt2 => 2,
        Opcode.BinInt or Opcode.LongBinGet or Opcode.LongBinPut => 4,
        Opcode.BinFloat or Opcode.Frame => 8,
        Opcode.ShortBinUnicode or Opcode.ShortBinBytes or Opcode.ShortBinString or Opcode.Long1 when rest.Length > 0 => 1 + rest[0],
        Opcode.BinUnicode or Opcode.BinBytes or Opcode.BinString or Opcode.Long4 when rest.Length > 3 =>
            4 + BinaryPrimitives.ReadUInt32LittleEndian(rest),
        Opcode.BinUnicode8 or Opcode.BinBytes8 or Opcode.ByteArray8 when rest.Length > 7 =>
            8 + (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(rest), int.MaxValue),
        Opcode.Global when rest.Count((byte)'\n') > 1 => Lines(rest),
        _ => 0,
    };

    private static int Lines(ReadOnlySpan<byte> rest)
    {
        int first = rest.IndexOf((byte)'\n') + 1;
        return first + rest[first..].IndexOf((byte)'\n') + 1;
    }
}
