using System.IO.Compression;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

/// <summary>A file whose frames were made apart is the file of one writer; and an interrupted one goes on to it.</summary>
public class FrameEncoderTests
{
    private const int FrameCount = 7;

    public static TheoryData<string> Names => ["a.dump", "a.dump.gz", "a.dump.zst", "a.xyz", "a.xyz.gz", "a.extxyz.zst"];

    private static Frame Sample(int k)
    {
        Random random = new(k);
        Frame frame = new() { Step = 10 * k, Units = k < 3 ? "metal" : "real", Box = Box.Orthogonal(9, 8, 7) };
        frame.Resize(k == 4 ? 0 : 100 * k + 1);
        frame.NumberAtoms();
        frame.Types.Span.Fill(1);
        foreach (ref double x in frame.Positions.Span)
            x = random.NextDouble();
        return frame;
    }

    private static byte[] Written(string path)
    {
        using TrajectoryWriter writer = TrajectoryWriter.Create(path);
        for (int k = 0; k < FrameCount; k++)
        {
            using Frame frame = Sample(k);
            writer.Write(frame);
        }

        writer.Complete();
        return File.ReadAllBytes(path);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public unsafe void Frames_encoded_apart_make_the_same_file(string name)
    {
        using ScratchFolder scratch = new();
        byte[] expected = Written(scratch[name]);
        using (TrajectoryWriter writer = TrajectoryWriter.CreateResumable(scratch["b" + name], default))
        {
            for (int k = 0; k < FrameCount; k++)
            {
                // Each by a process of its own.
                using Frame frame = Sample(k);
                using MemoryStream bytes = new();
                FramePiece piece = new FrameEncoder(name).Encode(frame, bytes);
                fixed (byte* encoded = bytes.ToArray())
                    writer.Append(encoded, bytes.Length, piece);
            }

            Assert.True(File.Exists(scratch["b" + name + ".part"]));
            Assert.False(File.Exists(scratch["b" + name]));
            writer.Complete();
        }

        Assert.Equal(expected, File.ReadAllBytes(scratch["b" + name]));
        Assert.Equal(2, Directory.GetFiles(scratch.Folder).Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_interrupted_file_goes_on_to_the_same_bytes(string name)
    {
        using ScratchFolder scratch = new();
        byte[] expected = Written(scratch[name]);
        string path = scratch["c" + name];
        for (int stop = 0; stop <= FrameCount; stop++)
        {
            TrajectoryMark mark = default;
            using (TrajectoryWriter writer = TrajectoryWriter.CreateResumable(path, default))
            {
                for (int k = 0; k < stop; k++)
                {
                    using Frame frame = Sample(k);
                    writer.Write(frame);
                }

                mark = writer.Mark;
            }

            File.AppendAllText(path + ".part", "half a frame");
            using (TrajectoryWriter writer = TrajectoryWriter.CreateResumable(path, mark))
            {
                Assert.Equal(stop, writer.FramesWritten);
                for (int k = stop; k < FrameCount; k++)
                {
                    using Frame frame = Sample(k);
                    writer.Write(frame);
                }

                writer.Complete();
            }

            Assert.Equal(expected, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void A_gzip_file_is_one_stream_with_a_true_checksum()
    {
        using ScratchFolder scratch = new();
        Written(scratch["a.dump"]);
        byte[] bytes = Written(scratch["a.dump.gz"]);
        // Raw deflate ends where the only trailer begins; a second stream would be left over.
        using MemoryStream body = new(bytes, 10, bytes.Length - 18);
        using DeflateStream inflated = new(body, CompressionMode.Decompress);
        using MemoryStream text = new();
        inflated.CopyTo(text);
        byte[] expected = File.ReadAllBytes(scratch["a.dump"]);
        Assert.Equal(expected, text.ToArray());
        using GZipStream whole = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream checkedText = new();
        whole.CopyTo(checkedText);
        Assert.Equal(expected, checkedText.ToArray());
        uint crc = BitConverter.ToUInt32(bytes, bytes.Length - 8);
        using MemoryStream single = new();
        using (GZipStream gzip = new(single, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(expected);
        Assert.Equal(BitConverter.ToUInt32(single.ToArray(), (int)single.Length - 8), crc);
        Assert.Equal((uint)expected.Length, BitConverter.ToUInt32(bytes, bytes.Length - 4));
    }

    [Fact]
    public void A_column_goes_by_the_name_that_OVITO_knows()
    {
        using ScratchFolder scratch = new();
        using Frame frame = Sample(0);
        frame.SetColumn("coordination", ColumnKind.Integer).Integers[0] = 12;
        frame.Columns[0].OvitoName = "Coordination";
        foreach (string name in (string[])["a.dump", "a.xyz"])
            using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch[name]))
            {
                writer.Write(frame);
                writer.Complete();
            }

        Assert.Contains("x y z Coordination\n", File.ReadAllText(scratch["a.dump"]));
        Assert.Contains("n_neighb:I:1", File.ReadAllText(scratch["a.xyz"]));
        Assert.Equal("coordination", TrajectoryColumns(scratch["a.xyz"]));
    }

    [Fact]
    public void A_quaternion_in_xyz_is_the_orientation_that_OVITO_knows()
    {
        using ScratchFolder scratch = new();
        using Frame frame = Sample(0);
        for (int k = 0; k < 4; k++)
        {
            FrameColumn column = frame.SetColumn($"ptm_orientation[{k + 1}]", ColumnKind.Real);
            column.OvitoName = $"Orientation.{"XYZW"[k]}";
            column.Reals[0] = k + 0.5;
        }

        using (TrajectoryWriter writer = TrajectoryWriter.Create(scratch["a.xyz"]))
        {
            writer.Write(frame);
            writer.Complete();
        }

        string[] lines = File.ReadAllLines(scratch["a.xyz"]);
        Assert.Contains(":orientation:R:4", lines[1]);
        Assert.EndsWith(" 0.5 1.5 2.5 3.5", lines[2]);
    }

    private static string TrajectoryColumns(string path)
    {
        using TrajectoryReader reader = TrajectoryReader.Open(path);
        using Frame frame = new();
        reader.Read(frame);
        return Assert.Single(frame.Columns).Name;
    }
}
