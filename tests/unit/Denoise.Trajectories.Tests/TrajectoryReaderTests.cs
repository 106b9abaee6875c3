using System.IO.Compression;
using System.Text;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

public class TrajectoryReaderTests
{
    private const string Dump =
        "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS id x y z\n1 0.5 0.25 0\n";

    private static byte[] Gzip(string text)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return stream.ToArray();
    }

    [Theory]
    [InlineData(Dump, "x", TrajectoryFormat.LammpsDump)]
    [InlineData("2\n\nCu 0 0 0\nCu 1 1 1\n", "x", TrajectoryFormat.ExtendedXyz)]
    [InlineData("1\n1.5\nCu 0 0 0\n", "x", TrajectoryFormat.ExtendedXyz)]
    [InlineData("t\n\n0 atoms # none\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nAtoms\n\n", "x", TrajectoryFormat.LammpsData)]
    [InlineData("8\n1.0\n1 0 0\n0 1 0\n0 0 1\nCu\n1\nDirect\n0 0 0\n", "x", TrajectoryFormat.Poscar)]
    [InlineData("# c\n\ndata_x\n", "x", TrajectoryFormat.Cif)]
    public void The_content_decides_and_compression_does_not_matter(string text, string name, TrajectoryFormat format)
    {
        using TrajectoryReader plain = Files.Open(text, name);
        Assert.Equal(format, plain.Format);
        using TrajectoryReader compressed = Files.Open(Gzip(text), name);
        Assert.Equal(format, compressed.Format);
    }

    [Fact]
    public void Compressed_members_one_after_the_other_are_one_file() =>
        Assert.Equal(2, Files.ReadAll(Files.Open([.. Gzip(Dump), .. Gzip(Dump)])).Count);

    [Fact]
    public void A_compressed_file_cut_anywhere_gives_good_frames_or_an_error()
    {
        StringBuilder text = new();
        for (int k = 0; k < 20; k++)
            text.Append(Dump.Replace("0.25", $"0.{k * 7919 % 9973:d4}"));
        byte[] bytes = Gzip(text.ToString());
        List<Snapshot> expected = Files.ReadAll(Files.Open(bytes));
        Assert.Equal(20, expected.Count);
        for (int length = 0; length < bytes.Length; length++)
        {
            int good = 0;
            bool failed = false;
            using Frame frame = new();
            try
            {
                using TrajectoryReader reader = Files.Open(bytes[..length]);
                for (; reader.Read(frame); good++)
                    Snapshot.AssertEqual(expected[good], Snapshot.Of(frame));
            }
            catch (InputException)
            {
                failed = true;
            }

            Assert.True(failed || good == 20, $"cut after {length} of {bytes.Length} bytes: {good} frames and no error");
        }
    }

    [Fact]
    public void Damaged_compression_is_an_error()
    {
        byte[] bytes = Gzip(string.Concat(Enumerable.Repeat(Dump, 50)));
        for (int at = 10; at < bytes.Length - 8; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x55;
            try
            {
                Files.ReadAll(Files.Open(damaged));
            }
            catch (InputException e)
            {
                Assert.Contains("test.dump", e.Message);
            }
        }
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData(" \n\n", "the file is empty")]
    [InlineData("a\0b", "this is a binary file")]
    [InlineData("hello\nworld\n", "the format is not recognized; known are LAMMPS dump")]
    [InlineData("{\"frames\": 3}", "the format is not recognized")]
    public void Foreign_files(string text, string message) => Assert.Contains(message, Files.Failure(text, "notes.txt"));

    [Fact]
    public void Random_bytes_never_crash_a_reader()
    {
        Random random = new(7);
        string[] starts = ["ITEM: TIMESTEP\n", "3\n", "data_x\n", "t\n3 atoms\n", "c\n1.0\n1 0 0\n0 1 0\n0 0 1\n", Dump];
        string[] pieces =
        [
            "1", " ", "\n", "ITEM: ", "ATOMS ", "x y z", "-", "e", "nan", "loop_", "_atom_site_fract_x", ";", "'", "\t", "é", "=", "\"",
            "Atoms", "99999999999999999999",
        ];
        for (int trial = 0; trial < 3000; trial++)
        {
            StringBuilder text = new(starts[trial % starts.Length]);
            for (int k = random.Next(60); k > 0; k--)
                text.Append(pieces[random.Next(pieces.Length)]);
            try
            {
                Files.ReadAll(text.ToString(), "x.dump", trial % 2 == 0 ? random : null);
            }
            catch (InputException)
            {
                // A sentence is what is asked for; anything else escapes and fails the test.
            }
        }
    }

    [Fact]
    public void Files_that_cannot_be_opened()
    {
        using ScratchFolder scratch = new();
        Assert.Contains("no such file", Assert.Throws<InputException>(() => TrajectoryReader.Open(scratch["none.dump"])).Message);
        Assert.Contains("is a folder", Assert.Throws<InputException>(() => TrajectoryReader.Open(scratch.Folder)).Message);
    }

    [Fact]
    public void Progress_runs_from_zero_to_one()
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch["a.dump"], string.Concat(Enumerable.Repeat(Dump, 20_000)));
        using TrajectoryReader reader = TrajectoryReader.Open(scratch["a.dump"]);
        using Frame frame = new();
        Assert.InRange(reader.Progress!.Value, 0, 0.5);
        while (reader.Read(frame))
        {
        }

        Assert.Equal(1, reader.Progress!.Value);
    }
}
