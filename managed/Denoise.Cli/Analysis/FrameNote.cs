using Denoise.Atoms;
using Denoise.Cli.Input;
using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>All but the atoms that a process tells the first one of a frame.</summary>
internal sealed class FrameNote
{
    /// <summary>Null: there is none.</summary>
    public FrameSummary? Summary { get; set; }

    /// <summary>What is wrong.</summary>
    public string Sentence { get; set; } = "";

    /// <summary>Whether that is the user's to mend.</summary>
    public bool IsOfInput { get; set; }

    public List<Warning> Warnings { get; } = [];

    public static unsafe FrameNote Read(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes)
        {
            using UnmanagedMemoryStream stream = new(data, bytes.Length);
            using BinaryReader reader = new(stream);
            FrameNote note = new() { Sentence = reader.ReadString(), IsOfInput = reader.ReadBoolean() };
            for (int k = reader.ReadInt32(); k > 0; k--)
                note.Warnings.Add(new(reader.ReadString(), reader.ReadString()));
            note.Summary = reader.ReadBoolean() ? ReadSummary(reader) : null;
            return note;
        }
    }

    public byte[] ToBytes()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Sentence);
        writer.Write(IsOfInput);
        writer.Write(Warnings.Count);
        foreach (Warning warning in Warnings)
        {
            writer.Write(warning.Key);
            writer.Write(warning.Text);
        }

        writer.Write(Summary is not null);
        if (Summary is not null)
            Write(writer, Summary);
        writer.Flush();
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, FrameSummary summary)
    {
        writer.Write(summary.Step);
        writer.Write(summary.Atoms);
        Write(writer, summary.Counts);
        Write(writer, summary.RawCounts);
        writer.Write(summary.Iterations);
        writer.Write(summary.Scale);
        writer.Write(summary.RmsDisplacement);
        Write(writer, summary.Outside is { } outside
            ? [outside.Seen, outside.Held, outside.BeyondNoise, outside.OddDensity, outside.Unsettled, outside.Astray] : null);
        writer.Write((int)summary.Warnings);
        writer.Write(summary.Index ?? -1);
        writer.Write(summary.Selected ?? -1);
        writer.Write(summary.Structures.Count);
        foreach (NamedStructure structure in summary.Structures)
        {
            writer.Write(structure.Name);
            writer.Write(structure.Number);
        }

        writer.Write(summary.Globals.Count);
        foreach (FrameNumber number in summary.Globals)
        {
            writer.Write(number.Name);
            writer.Write(number.IsWhole);
            writer.Write(number.Value);
        }
    }

    private static FrameSummary ReadSummary(BinaryReader reader)
    {
        FrameSummary summary = new(
            reader.ReadInt64(), reader.ReadInt64(), ReadNumbers(reader), ReadNumbers(reader), reader.ReadInt32(), reader.ReadDouble(),
            reader.ReadDouble(),
            ReadNumbers(reader) is { } outside
                ? new OutsideCounts
                {
                    Seen = outside[0],
                    Held = outside[1],
                    BeyondNoise = outside[2],
                    OddDensity = outside[3],
                    Unsettled = outside[4],
                    Astray = outside[5],
                }
                : null,
            (FrameWarnings)reader.ReadInt32());
        long index = reader.ReadInt64(), selected = reader.ReadInt64();
        NamedStructure[] structures = new NamedStructure[reader.ReadInt32()];
        for (int k = 0; k < structures.Length; k++)
            structures[k] = new(reader.ReadString(), reader.ReadInt32());
        FrameNumber[] globals = new FrameNumber[reader.ReadInt32()];
        for (int k = 0; k < globals.Length; k++)
            globals[k] = new(reader.ReadString(), reader.ReadBoolean(), reader.ReadDouble());
        return summary with
        {
            Index = index < 0 ? null : index,
            Selected = selected < 0 ? null : selected,
            Structures = structures,
            Globals = globals,
        };
    }

    /// <summary>Null is a length of -1.</summary>
    private static void Write(BinaryWriter writer, long[]? numbers)
    {
        writer.Write(numbers?.Length ?? -1);
        foreach (long number in numbers ?? [])
            writer.Write(number);
    }

    private static long[]? ReadNumbers(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count < 0)
            return null;
        long[] numbers = new long[count];
        for (int k = 0; k < count; k++)
            numbers[k] = reader.ReadInt64();
        return numbers;
    }
}
