using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

/// <summary>Frames written here in every form that LAMMPS has written; those of LAMMPS itself are in LammpsOutputTests.</summary>
public class LammpsBinaryDumpReaderTests
{
    private static readonly double[][] Scaled =
        [[7, 1, 0.25, 0.5, 0.75], [3, 2, 0, 0.125, 1], [5, 1, 0.5, 0.5, 0.5], [9, 2, 0.0625, 0.25, 0.25]];

    /// <summary>Numbers in a byte order, as fwrite puts them.</summary>
    private sealed class Writer(bool bigEndian, int bigintBytes)
    {
        private readonly MemoryStream _stream = new();

        public byte[] Bytes => _stream.ToArray();

        public Writer Int(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            if (bigEndian)
                BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            else
                BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            _stream.Write(bytes);
            return this;
        }

        public Writer Big(long value)
        {
            if (bigintBytes == 4)
                return Int((int)value);
            Span<byte> bytes = stackalloc byte[8];
            if (bigEndian)
                BinaryPrimitives.WriteInt64BigEndian(bytes, value);
            else
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            _stream.Write(bytes);
            return this;
        }

        public Writer Doubles(params ReadOnlySpan<double> values)
        {
            Span<byte> bytes = stackalloc byte[8];
            foreach (double value in values)
            {
                if (bigEndian)
                    BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
                else
                    BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                _stream.Write(bytes);
            }

            return this;
        }

        public Writer Text(string text)
        {
            _stream.Write(Encoding.ASCII.GetBytes(text));
            return this;
        }

        public Writer Frame(long step, string? columns, double[][] rows, double width = 8, int processes = 1, long? count = null)
        {
            if (columns is not null)
                Big(-10).Text("DUMPCUSTOM").Int(1).Int(2);
            Big(step).Big(count ?? rows.Length).Int(0);
            foreach (int kind in (int[])[0, 0, 1, 1, 2, 3])
                Int(kind);
            Doubles(-1, width - 1, 0, 2 * width, 0, 4 * width).Int(rows[0].Length);
            if (columns is not null)
                Int(0).Text("\u0001").Doubles(step * 0.5).Int(columns.Length).Text(columns);
            Int(processes);
            for (int p = 0; p < processes; p++)
            {
                double[][] part = [.. rows.Where((_, k) => k % processes == p)];
                Int(part.Sum(row => row.Length));
                foreach (double[] row in part)
                    Doubles(row);
            }

            return this;
        }
    }

    private static string Failure(byte[] bytes) => Assert.Throws<InputException>(() => Files.ReadAll(Files.Open(bytes, "a.bin"))).Message;

    [Theory]
    [InlineData(false, 8, true)]
    [InlineData(false, 4, true)]
    [InlineData(true, 8, true)]
    [InlineData(true, 4, true)]
    [InlineData(false, 8, false)]
    [InlineData(false, 4, false)]
    [InlineData(true, 8, false)]
    [InlineData(true, 4, false)]
    public void Every_byte_order_size_and_age(bool bigEndian, int bigintBytes, bool isNew)
    {
        string? columns = isNew ? "id type xs ys zs" : null;
        byte[] bytes = new Writer(bigEndian, bigintBytes).Frame(0, columns, Scaled).Frame(1000, columns, Scaled, 16, processes: 2).Bytes;
        using TrajectoryReader reader = Files.Open(bytes, "a.bin", new Random(1));
        List<Snapshot> frames = Files.ReadAll(reader);
        Assert.Same(TrajectoryFormats.LammpsBinaryDump, reader.Format);
        Assert.Equal([0, 1000], frames.Select(frame => frame.Step));
        Assert.Equal(isNew ? 500 : null, frames[1].Time);
        Assert.Equal(new Box(new(8, 0, 0), new(0, 16, 0), new(0, 0, 32), new(-1, 0, 0), true, false, false), frames[0].Box);
        Assert.Equal([7, 3, 5, 9], frames[0].Ids);
        Assert.Equal([1, 2, 1, 2], frames[0].Types);
        Assert.Equal([1, 8, 24, -1, 2, 32, 3, 8, 16, -0.5, 4, 8], frames[0].Positions);
        Assert.Equal([7, 5, 3, 9], frames[1].Ids);
        Assert.Equal(isNew ? 0 : 1, reader.Warnings.Count);
    }

    [Fact]
    public void Columns_of_whole_numbers_are_integers()
    {
        double[][] rows = [[1, 0.5, 2, 3, 4, 17], [2, 0.25, 5, 6, 7, -3]];
        Snapshot frame = Files.ReadAll(Files.Open(new Writer(false, 8).Frame(0, "id q x y z mol", rows).Bytes, "a"))[0];
        Assert.Equal(["17", "-3"], frame.Columns["mol"]);
        Assert.Equal(["0.5", "0.25"], frame.Columns["q"]);
        Assert.Equal([2, 3, 4, 5, 6, 7], frame.Positions);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_its_good_frames_or_an_error()
    {
        byte[] first = new Writer(false, 8).Frame(0, "id type xs ys zs", Scaled).Bytes;
        byte[] both = [.. first, .. first];
        for (int length = 20; length < both.Length; length++)
        {
            int good = 0;
            using Frame frame = new();
            bool failed = false;
            try
            {
                using TrajectoryReader reader = Files.Open(both[..length], "a.bin");
                while (reader.Read(frame))
                    good++;
            }
            catch (InputException e)
            {
                failed = true;
                Assert.Contains("a.bin", e.Message);
            }

            Assert.Equal(length >= first.Length ? 1 : 0, good);
            Assert.Equal(length != first.Length, failed);
        }
    }

    [Fact]
    public void Damage_is_named()
    {
        Assert.Contains("has 4 of the 2147483647 atoms", Failure(new Writer(false, 8).Frame(0, "id type x y z", Scaled,
            count: int.MaxValue).Bytes));
        Assert.Contains("more than the 3 atoms", Failure(new Writer(false, 8).Frame(0, "id type x y z", Scaled, count: 3).Bytes));
        Assert.Contains("names 4 columns", Failure(new Writer(false, 8).Frame(0, "id x y z", Scaled).Bytes));
        Assert.Contains("hold no positions", Failure(new Writer(false, 8).Frame(0, "a b c d e", Scaled).Bytes));
        double[][] unstable = [[1, 1, 2, 3, 4], [2, 1, double.NaN, 7, 8]];
        Assert.Contains("atom 2 of 2 has NaN in column x", Failure(new Writer(false, 8).Frame(0, "id type x y z", unstable).Bytes));
    }

    [Fact]
    public void The_old_form_is_read_only_where_its_columns_are_known()
    {
        double[][] cartesian = [[1, 1, 2, 3, 4], [2, 1, 6, 7, 8]];
        Assert.Equal([2, 3, 4, 6, 7, 8], Files.ReadAll(Files.Open(new Writer(false, 8).Frame(0, null, cartesian).Bytes, "a"))[0].Positions);
        Assert.Contains("does not say what the 3 numbers per atom are", Failure(new Writer(false, 8).Frame(0, null, [[1, 2, 3]]).Bytes));
        Assert.Contains("in so small a box it cannot be seen", Failure(new Writer(false, 8).Frame(0, null, Scaled, width: 1.5).Bytes));
    }

    [Fact]
    public void Damaged_bytes_never_crash_the_reader()
    {
        Random random = new(3);
        foreach (string? columns in (string?[])["id type xs ys zs", null])
        {
            byte[] good = new Writer(false, 8).Frame(0, columns, Scaled).Frame(1, columns, Scaled, processes: 2).Bytes;
            for (int trial = 0; trial < 2000; trial++)
            {
                byte[] damaged = [.. good];
                for (int k = random.Next(1, 4); k > 0; k--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                try
                {
                    Files.ReadAll(Files.Open(damaged, "a.bin"));
                }
                catch (InputException)
                {
                    // A sentence is what is asked for; anything else escapes and fails the test.
                }
            }
        }
    }
}
