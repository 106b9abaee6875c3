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

    private static byte[] Zstd(string text)
    {
        using ZstdSharp.Compressor compressor = new();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    private static TrajectoryFormat Format(string property) =>
        (TrajectoryFormat)typeof(TrajectoryFormats).GetProperty(property)!.GetValue(null)!;

    [Theory]
    [InlineData(Dump, "x", nameof(TrajectoryFormats.LammpsDump))]
    [InlineData("2\n\nCu 0 0 0\nCu 1 1 1\n", "x", nameof(TrajectoryFormats.ExtendedXyz))]
    [InlineData("1\n1.5\nCu 0 0 0\n", "x", nameof(TrajectoryFormats.ExtendedXyz))]
    [InlineData("t\n\n0 atoms # none\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nAtoms\n\n", "x", nameof(TrajectoryFormats.LammpsData))]
    [InlineData("8\n1.0\n1 0 0\n0 1 0\n0 0 1\nCu\n1\nDirect\n0 0 0\n", "x", nameof(TrajectoryFormats.Poscar))]
    [InlineData("8\n1.0\n1 0 0\n0 1 0\n0 0 1\nCu\n1\nDirect configuration= 1\n0 0 0\n", "x", nameof(TrajectoryFormats.Xdatcar))]
    [InlineData("data_x\n1 ! scale\n1 0 0 a\n0 1 0\n0 0 1\nCu\n1\nDirect\n0 0 0\n", "x", nameof(TrajectoryFormats.Poscar))]
    [InlineData("data_x\n\n1 atoms\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\nAtoms\n\n1 1 0 0 0\n", "x",
        nameof(TrajectoryFormats.LammpsData))]
    [InlineData("1\ndata_x\nCu 0 0 0\n", "x", nameof(TrajectoryFormats.ExtendedXyz))]
    [InlineData("data_x\n_note\n;\n4 atoms\n;\n", "x", nameof(TrajectoryFormats.Cif))]
    [InlineData("# c\n\ndata_x\n", "x", nameof(TrajectoryFormats.Cif))]
    public void The_content_decides_and_compression_does_not_matter(string text, string name, string format)
    {
        using TrajectoryReader plain = Files.Open(text, name);
        Assert.Same(Format(format), plain.Format);
        using TrajectoryReader compressed = Files.Open(Gzip(text), name);
        Assert.Same(Format(format), compressed.Format);
        using TrajectoryReader withMark = Files.Open([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)], name);
        Assert.Same(Format(format), withMark.Format);
        using TrajectoryReader zstd = Files.Open(Zstd(text), name);
        Assert.Same(Format(format), zstd.Format);
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
    [InlineData("a\0b", "this binary file is of no known format")]
    [InlineData("BZh91AY&SY", "is compressed with bzip2, which is not read; decompress it first: bunzip2 -k notes.txt")]
    [InlineData("PK\u0003\u0004", "is compressed with zip")]
    [InlineData("a\rb\r", "lines end with carriage returns alone")]
    [InlineData("hello\nworld\n", "the format is not recognized; known are LAMMPS dump")]
    [InlineData("{\"frames\": 3}", "the format is not recognized")]
    public void Foreign_files(string text, string message) => Assert.Contains(message, Files.Failure(text, "notes.txt"));

    [Theory]
    [InlineData(new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1 },
        "is compressed with xz, which is not read; decompress it first: unxz -k a.xyz")]
    [InlineData(new byte[] { 0x04, 0x22, 0x4d, 0x18, 1 }, "is compressed with lz4")]
    [InlineData(new byte[] { 0xff, 0xfe, 0x31, 0, 0x0a, 0 }, "this is text in UTF-16; save it as UTF-8")]
    public void Foreign_bytes(byte[] bytes, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Files.Open(bytes, "a.xyz")).Message);

    [Fact]
    public void A_zstd_file_cut_or_damaged_anywhere_gives_good_frames_or_an_error()
    {
        string text = string.Concat(Enumerable.Range(0, 20).Select(k => Dump.Replace("0.25", $"0.{k * 7919 % 9973:d4}")));
        byte[] bytes = Zstd(text);
        List<Snapshot> expected = Files.ReadAll(Files.Open(bytes));
        Assert.Equal(20, expected.Count);
        for (int length = 4; length < bytes.Length; length++)
            Assert.Throws<InputException>(() => Files.ReadAll(Files.Open(bytes[..length])));
        for (int at = 0; at < bytes.Length; at++)
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

    [Fact]
    public void Messages_quote_a_word_of_megabytes_in_short()
    {
        string word = new('x', 1 << 20);
        string cell = "_cell_length_a 1\n_cell_length_b 1\n_cell_length_c 1\n" +
            "_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n";
        string site = "loop_ _atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z Cu 0 0 0\n";
        string[] files =
        [
            Dump.Replace("0.25", word), Dump.Replace("id x y", $"id {word} {word} x y"), Dump.Replace("id x y", $"id {word} y"),
            Dump.Replace("BOUNDS pp", $"BOUNDS {word}"), Dump.Replace("\n5\n", $"\n{word}\n"),
            $"1\nProperties=species:S:1:pos:R:3:{word}:I:{word}\nCu 0 0 0\n", $"1\nLattice=\"{word}\"\nCu 0 0 0\n",
                $"2\n\n1 0 0 0\n{word} 0 0 0\n",
            $"t\n1 atoms\n0 1 xlo xhi\n0 1 ylo yhi\n0 1 zlo zhi\n\nAtoms # {word}\n\n1 1 0 0 {word}\n",
            $"t\n1.0\n1 0 0\n0 1 0\n0 0 1\nCu\n1\nDirect\n{word}\n",
            $"data_{word}\n{cell}", $"data_x\n{cell}_space_group_name_H-M_alt {word}\n{site}", $"data_{word}\n{cell[..16]}{site}",
            $"data_x\n{cell}loop_ _space_group_symop_operation_xyz {word}\n{site}", $"data_x\n{cell.Replace("_c 1", $"_c {word}")}{site}",
            $"data_x\n_{word}\n{cell}", $"data_x {word}\n{cell}", $"data_x\n{cell} '{word}\n",
        ];
        for (int k = 0; k < files.Length; k++)
        {
            string message = Files.Failure(files[k], "a.cif");
            Assert.True(message.Length < 600, $"file {k}: {message.Length} characters: {Quote.Of(message)}");
        }
    }

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
