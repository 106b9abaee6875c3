using System.Buffers.Binary;
using Denoise.Trajectories.Compressed;

namespace Denoise.Fuzz.Mutation;

/// <summary>
/// Damages what is in the records of a .dnz file and makes their lengths and checksums right again; or the bytes of the file.
/// </summary>
internal sealed class RecordMutator : IMutator
{
    private const int SumLength = 4;

    private readonly Draft _payload = new();

    public void Mutate(Draft draft, byte[] other, Random random)
    {
        List<(int Begin, int Length)> records = Find(draft.Bytes);
        if (records.Count == 0 || random.Next(8) == 0)
        {
            ByteMutator.Instance.Mutate(draft, other, random);
            return;
        }

        var (begin, length) = records[random.Next(records.Count)];
        byte[] record = draft.Bytes.Slice(begin, Records.HeadLength + length + SumLength).ToArray();
        switch (random.Next(8))
        {
            case 0:
                draft.Remove(begin..(begin + record.Length));
                break;
            case 1:
                draft.Insert(begin, record);
                break;
            case 2:
                // Another number of frame or block.
                record[8 + 4 * random.Next(2)] ^= (byte)(1 << random.Next(3));
                Replace(draft, begin, record, record.AsSpan(Records.HeadLength, length));
                break;
            default:
                _payload.Set(record.AsSpan(Records.HeadLength, length));
                ByteMutator.Instance.Mutate(_payload, other, random);
                Replace(draft, begin, record, _payload.Bytes);
                break;
        }
    }

    private static void Replace(Draft draft, int begin, byte[] old, ReadOnlySpan<byte> payload)
    {
        byte[] made = new byte[Records.HeadLength + payload.Length + SumLength];
        old.AsSpan(0, Records.HeadLength).CopyTo(made);
        BinaryPrimitives.WriteInt32LittleEndian(made.AsSpan(4), payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(16), Checksum.Of(made.AsSpan(0, 16)));
        payload.CopyTo(made.AsSpan(Records.HeadLength));
        BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(Records.HeadLength + payload.Length), Checksum.Of(payload));
        draft.Remove(begin..(begin + old.Length));
        draft.Insert(begin, made);
    }

    private static List<(int Begin, int Length)> Find(ReadOnlySpan<byte> bytes)
    {
        List<(int, int)> records = [];
        for (int at = Records.FileHeadLength; at + Records.HeadLength + SumLength <= bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]);
            bool isRecord = Records.IsHead(bytes.Slice(at, Records.HeadLength)) &&
                length <= bytes.Length - at - Records.HeadLength - SumLength;
            if (isRecord)
                records.Add((at, length));
            at += isRecord ? Records.HeadLength + length + SumLength : 1;
        }

        return records;
    }
}
