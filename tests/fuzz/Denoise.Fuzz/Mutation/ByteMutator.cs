using System.Buffers.Binary;

namespace Denoise.Fuzz.Mutation;

/// <summary>
/// Damages bytes without knowing what they mean: bits, numbers at the ends of their types, blocks cut, doubled, moved, overwritten.
/// </summary>
internal sealed class ByteMutator : IMutator
{
    public static readonly ByteMutator Instance = new();

    public void Mutate(Draft draft, byte[] other, Random random)
    {
        for (int changes = Chance.Few(random); changes > 0; changes--)
            MutateOnce(draft, other, random);
    }

    public static void MutateOnce(Draft draft, byte[] other, Random random)
    {
        if (draft.Length == 0)
        {
            draft.Set(other);
            return;
        }

        int at = random.Next(draft.Length);
        switch (random.Next(9))
        {
            case 0: draft.Bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: draft.Bytes[at] = (byte)random.Next(256); break;
            case 2: SetNumber(draft.Bytes[at..], random); break;
            case 3: draft.Remove(Block(draft.Length, random)); break;
            case 4: draft.Insert(at, draft.Bytes[Block(draft.Length, random)].ToArray()); break;
            case 5 when other.Length > 0: draft.Insert(at, other.AsSpan()[Block(other.Length, random)]); break;
            case 6: draft.Bytes[Block(draft.Length, random)].Fill((byte)(random.Next(2) == 0 ? 0 : random.Next(256))); break;
            case 7: draft.Remove(at..); break;
            default: draft.Insert(at, [(byte)random.Next(256)]); break;
        }
    }

    /// <summary>A range of a few bytes mostly, sometimes of many.</summary>
    public static Range Block(int length, Random random)
    {
        int start = random.Next(length);
        int count = Math.Min(length - start, 1 + random.Next(random.Next(4) == 0 ? length : Math.Min(length, 16)));
        return start..(start + count);
    }

    private static void SetNumber(Span<byte> bytes, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        if (random.Next(3) == 0)
            BinaryPrimitives.WriteDoubleLittleEndian(number, Chance.Of(EdgeNumbers.Values, random));
        else
            BinaryPrimitives.WriteInt64LittleEndian(number, Chance.Of(EdgeNumbers.Integers, random));
        int width = 1 << random.Next(4);
        if (random.Next(8) == 0)
            number[..width].Reverse();
        number[..Math.Min(width, bytes.Length)].CopyTo(bytes);
    }
}
