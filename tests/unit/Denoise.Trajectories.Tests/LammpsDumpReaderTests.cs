using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

public class LammpsDumpReaderTests
{
    private const string TwoFrames = """
        ITEM: UNITS
        metal
        ITEM: TIME
        0.5
        ITEM: TIMESTEP
        500
        ITEM: NUMBER OF ATOMS
        3
        ITEM: BOX BOUNDS pp ff ss
        -1.0 9.0
        0 20
        0.0000000000000000e+00 3.0000000000000000e+01
        ITEM: ATOMS q id x element y mol z type
        -0.5 7 1.5 O 2.5 1 3.5 2
        0.25 3 4 Si -5.25 1 6e-1 1
        -0.5 12 7 O 8 2 9 2
        ITEM: TIME
        1
        ITEM: TIMESTEP
        1000
        ITEM: NUMBER OF ATOMS
        1
        ITEM: BOX BOUNDS pp ff ss
        -1.0 9.0
        0 20
        0 30
        ITEM: ATOMS q id x element y mol z type
        2 3 1 Si 2 1 3 1

        """;

    private static string OneAtom(string bounds, string columns, string atom) =>
        $"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS {bounds}\nITEM: ATOMS {columns}\n{atom}\n";

    [Fact]
    public void All_that_a_dump_holds()
    {
        List<Snapshot> frames = Files.ReadAll(TwoFrames);
        Assert.Equal(2, frames.Count);
        Snapshot first = frames[0];
        Assert.Equal(500, first.Step);
        Assert.Equal(0.5, first.Time);
        Assert.Equal("metal", first.Units);
        Assert.Equal(new Box(new(10, 0, 0), new(0, 20, 0), new(0, 0, 30), new(-1, 0, 0), true, false, false), first.Box);
        Assert.Equal([1.5, 2.5, 3.5, 4, -5.25, 0.6, 7, 8, 9], first.Positions);
        Assert.Equal([7, 3, 12], first.Ids);
        Assert.Equal([2, 1, 2], first.Types);
        Assert.Equal((string?[])["Si", "O"], first.Elements);
        Assert.Equal(["q", "mol"], first.Columns.Keys);
        Assert.Equal(["-0.5", "0.25", "-0.5"], first.Columns["q"]);
        Assert.Equal(["1", "1", "2"], first.Columns["mol"]);
        Snapshot second = frames[1];
        Assert.Equal(1000, second.Step);
        Assert.Equal("metal", second.Units);
        Assert.Equal([3], second.Ids);
        Assert.Equal([1, 2, 3], second.Positions);
        Assert.Equal(["2"], second.Columns["q"]);
    }

    [Fact]
    public void Carriage_returns_and_tabs_do_not_matter()
    {
        List<Snapshot> expected = Files.ReadAll(TwoFrames);
        List<Snapshot> actual = Files.ReadAll(TwoFrames.Replace("\n", "  \r\n").Replace(" 2.5 ", "\t 2.5\t\t"));
        for (int k = 0; k < expected.Count; k++)
            Snapshot.AssertEqual(expected[k], actual[k]);
    }

    [Fact]
    public void Triclinic_bounds_are_those_of_the_bounding_box()
    {
        // Lx, Ly, Lz = 10, 8, 7; xy, xz, yz = 3, -2, 1; origin 1, 2, 3 (https://docs.lammps.org/Howto_triclinic.html).
        Snapshot frame = Files.ReadAll(OneAtom("xy xz yz pp pp pp\n-1 14 3\n2 11 -2\n3 10 1", "id type xs ys zs", "1 1 0.5 0.25 1"))[0];
        Assert.Equal(new Box(new(10, 0, 0), new(3, 8, 0), new(-2, 1, 7), new(1, 2, 3), true, true, true), frame.Box);
        Assert.Equal([1 + 5 + 0.75 - 2, 2 + 2 + 1, 10], frame.Positions);
    }

    [Fact]
    public void General_triclinic_edges()
    {
        Snapshot frame = Files.ReadAll(OneAtom(
            "abc origin pp pp ff\n0 4 0 -1\n0 0 5 -2\n6 0 0 -3", "id type xsu ysu zsu", "1 1 1.5 0 0.5"))[0];
        Assert.Equal(new Box(new(0, 4, 0), new(0, 0, 5), new(6, 0, 0), new(-1, -2, -3), true, true, false), frame.Box);
        Assert.Equal([2, 4, -3], frame.Positions);
        Assert.True(frame.Unwrapped);
    }

    [Theory]
    [InlineData("x y z", "1 2 3", new double[] { 1, 2, 3 }, false)]
    [InlineData("xs ys zs", "0.1 0.25 0.5", new double[] { 0, 5, 15 }, false)]
    [InlineData("xu yu zu", "11 -2 3", new double[] { 11, -2, 3 }, true)]
    [InlineData("xsu ysu zsu", "1.1 -0.25 0.5", new double[] { 10, -5, 15 }, true)]
    public void Every_kind_of_position(string columns, string atom, double[] expected, bool unwrapped)
    {
        Snapshot frame = Files.ReadAll(OneAtom("pp pp pp\n-1 9\n0 20\n0 30", columns, atom))[0];
        Tolerance.AssertClose(expected, frame.Positions, Tolerance.ClosedForm, columns);
        Assert.Equal(unwrapped, frame.Unwrapped);
        Assert.Equal([1], frame.Ids);
        Assert.Equal([1], frame.Types);
    }

    [Fact]
    public void Wrapped_positions_are_preferred_and_the_others_kept()
    {
        Snapshot frame = Files.ReadAll(OneAtom("pp pp pp\n0 10\n0 10\n0 10", "id xu yu zu x y z", "5 11 2 -7 1 2 3"))[0];
        Assert.Equal([1, 2, 3], frame.Positions);
        Assert.Equal(["xu", "yu", "zu"], frame.Columns.Keys);
        Assert.Equal(["11"], frame.Columns["xu"]);
    }

    [Fact]
    public void Columns_widen_from_integer_to_real_to_text()
    {
        string text = "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\n" +
            "ITEM: ATOMS x y z a b c d\n0 0 0 1 1 1 9007199254740993\n0 0 0 2 2.5 x 2\n0 0 0 -3 nan 3 3\n";
        using TrajectoryReader reader = Files.Open(text + text);
        using Frame frame = new();
        for (int k = 0; k < 2; k++)
        {
            Assert.True(reader.Read(frame));
            Assert.Equal([1, 2, -3], frame.FindColumn("a")!.Integers.ToArray());
            Assert.Equal([1, 2.5, double.NaN], frame.FindColumn("b")!.Reals.ToArray());
            Assert.Equal(["1", "x", "3"], Enumerable.Range(0, 3).Select(frame.FindColumn("c")!.TextAt));
            Assert.Equal(9007199254740993, frame.FindColumn("d")!.Integers[0]);
        }
    }

    [Fact]
    public void Number_of_atoms_columns_and_box_change_between_frames()
    {
        StringBuilder text = new();
        int[] counts = [2, 5, 0, 1, 4];
        for (int k = 0; k < counts.Length; k++)
        {
            string extra = k % 2 == 0 ? " vx" : "";
            text.Append(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n{counts[k]}\n");
            text.Append(CultureInfo.InvariantCulture, $"ITEM: BOX BOUNDS pp pp pp\n0 {k + 1}\n0 1\n0 1\nITEM: ATOMS id x y z{extra}\n");
            for (int i = 0; i < counts[k]; i++)
                text.Append(CultureInfo.InvariantCulture, $"{i + 10} {k} {i} 0{(k % 2 == 0 ? " 7" : "")}\n");
        }

        List<Snapshot> frames = Files.ReadAll(text.ToString());
        for (int k = 0; k < counts.Length; k++)
        {
            Assert.Equal(k, frames[k].Step);
            Assert.Equal(k + 1, frames[k].Box.A.X);
            Assert.Equal(Enumerable.Range(0, counts[k]).SelectMany(i => new double[] { k, i, 0 }), frames[k].Positions);
            Assert.Equal(k % 2 == 0 ? ["vx"] : [], frames[k].Columns.Keys);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void Column_order_and_buffer_borders_do_not_matter(int seed)
    {
        Random random = new(seed);
        int n = random.Next(1, 40);
        string[] names = ["id", "type", "x", "y", "z", "element", "q", "label"];
        string[][] values = [.. Enumerable.Range(0, n).Select(i => new[]
        {
            $"{1000 - i}", $"{i % 2 + 1}", Number(), Number(), Number(), i % 2 == 0 ? "Cu" : "Zr", Number(), $"w{random.Next(3)}",
        })];
        string Number() => ((random.NextDouble() - 0.5) * 100).ToString(random.Next(2) == 0 ? "R" : "F4", CultureInfo.InvariantCulture);

        Snapshot? expected = null;
        for (int trial = 0; trial < 20; trial++)
        {
            int[] order = [.. Enumerable.Range(0, names.Length)];
            random.Shuffle(order);
            string text = $"ITEM: TIMESTEP\n{seed}\nITEM: NUMBER OF ATOMS\n{n}\nITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\n" +
                $"ITEM: ATOMS {string.Join(' ', order.Select(k => names[k]))}\n" +
                string.Concat(values.Select(row => string.Join(' ', order.Select(k => row[k])) + "\n"));
            Snapshot actual = Files.ReadAll(text, random: random)[0];
            // The further columns stand in file order; compare them by name.
            actual = actual with { Columns = actual.Columns.OrderBy(c => c.Key).ToDictionary() };
            expected ??= actual;
            Snapshot.AssertEqual(expected, actual);
            double[] x = [.. values.Select(row => double.Parse(row[2], CultureInfo.InvariantCulture))];
            Assert.Equal(x, actual.Positions.Where((_, k) => k % 3 == 0));
            Assert.Equal(values.Select(row => row[7]), actual.Columns["label"]);
        }
    }

    [Fact]
    public void A_file_cut_anywhere_gives_its_good_frames_or_an_error_and_a_warning_where_only_the_end_of_its_last_line_is_missing()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(TwoFrames);
        List<Snapshot> expected = Files.ReadAll(TwoFrames);
        using (TrajectoryReader whole = Files.Open(bytes[..^1]))
        {
            List<Snapshot> frames = Files.ReadAll(whole);
            for (int k = 0; k < 2; k++)
                Snapshot.AssertEqual(expected[k], frames[k]);
            Assert.Contains("test.dump:28: the last line has no line feed", Assert.Single(whole.Warnings));
        }

        int endOfFirst = TwoFrames.IndexOf("ITEM: TIME\n1\n", StringComparison.Ordinal);
        for (int length = 0; length < bytes.Length - 1; length++)
        {
            List<Snapshot> frames = [];
            using Frame frame = new();
            InputException? failure = null;
            try
            {
                using TrajectoryReader reader = Files.Open(bytes[..length]);
                while (reader.Read(frame))
                    frames.Add(Snapshot.Of(frame));
            }
            catch (InputException e)
            {
                failure = e;
            }

            Assert.Equal(length >= endOfFirst - 1 ? 1 : 0, frames.Count);
            if (frames.Count > 0)
                Snapshot.AssertEqual(expected[0], frames[0]);
            Assert.True(failure is not null || length == endOfFirst || length == endOfFirst - 1, $"cut after {length} bytes: no error");
            Assert.Equal(0, failure is null ? 0 : frame.Count);
            if (length > endOfFirst && failure is not null)
                Assert.Contains("the one frame before it is complete", failure.Message);
        }
    }

    [Fact]
    public void Type_labels_name_the_types_where_they_are_symbols()
    {
        string text = TwoFrames.Replace("element", "typelabel").Replace(" type\n", " style\n");
        Assert.Equal((string?[])["O", "Si"], Files.ReadAll(text)[0].Elements);
        Assert.Equal([1, 2, 1], Files.ReadAll(text)[0].Types);
        Assert.Equal((string?[])["O", null], Files.ReadAll(text.Replace(" Si ", " st "))[0].Elements);
        Assert.Equal((string?[])["Si", "O"], Files.ReadAll(TwoFrames.Replace("element", "typelabel"))[0].Elements);
    }

    [Fact]
    public void A_failure_comes_again_and_is_no_end_of_file()
    {
        using TrajectoryReader reader = Files.Open(TwoFrames[..^10]);
        using Frame frame = new();
        Assert.True(reader.Read(frame));
        Assert.Throws<InputException>(() => reader.Read(frame));
        Assert.True(reader.IsTruncated);
        Assert.Throws<InputException>(() => reader.Read(frame));
        Assert.Equal(1, reader.FramesRead);
    }

    [Theory]
    [InlineData("0.25 3 4", "0.25 3 4x", "test.dump:15: '4x' in column x is not a number")]
    [InlineData("0.25 3 4", "0.25 3.5 4", "test.dump:15: '3.5' in column id is not an atom id")]
    [InlineData("0.25 3 4", "0.25 3 nan", "test.dump:15: 'nan' in column x is not a finite coordinate")]
    [InlineData("0.25 3 4", "0.25 3 1e999", "test.dump:15: '1e999' in column x is not a finite coordinate")]
    [InlineData("6e-1 1", "6e-1 0", "test.dump:15: '0' in column type is not an atom type")]
    [InlineData("6e-1 1", "6e-1 1 1", "test.dump:15: the line '0.25 3 4 Si -5.25 1 6e-1 1 1' has 9 columns, its header announces 8")]
    [InlineData("6e-1 1", "6e-1", "test.dump:15: the line '0.25 3 4 Si -5.25 1 6e-1' has 7 columns, its header announces 8")]
    [InlineData("ATOMS\n3", "ATOMS\n4", "test.dump:17: a new section starts, but only 3 of 4 atoms are there")]
    [InlineData("ATOMS\n3", "ATOMS\n2", "test.dump:16: a line 'ITEM: ...' is expected")]
    [InlineData("ATOMS\n3", "ATOMS\nthree", "test.dump:8: 'three' is not a number of atoms")]
    [InlineData("ATOMS\n3", "ATOMS\n-3", "test.dump:8: -3 atoms are not possible")]
    [InlineData("ATOMS\n3", "ATOMS\n99999999999", "test.dump:8: 99999999999 atoms are not possible")]
    [InlineData("TIMESTEP\n500", "TIMESTEP\nfive", "test.dump:6: 'five' is not a time step")]
    [InlineData("0 20", "20 0", "test.dump:12: the box has no volume")]
    [InlineData("0 20", "0 20 5", "test.dump:11: a box line is 2 numbers, not '0 20 5'")]
    [InlineData("pp ff ss", "pp qq ss", "test.dump:9: boundary flags 'pp qq ss' are not understood")]
    [InlineData("x element y mol z type", "x element y mol zu type", "hold no positions")]
    [InlineData("x element y mol z type", "x element y q z type", "test.dump:13: column q occurs twice")]
    [InlineData("0.25 3 4 Si -5.25 1 6e-1 1", "0.25 3 4 Si -5.25 1 6e-1 2", "test.dump:15: type 2 is Si here and O before")]
    [InlineData("ITEM: TIMESTEP\n500\n", "", "'ITEM: TIMESTEP' is missing")]
    [InlineData("ITEM: NUMBER OF ATOMS\n3\n", "", "'ITEM: NUMBER OF ATOMS' is missing")]
    [InlineData("ATOMS q", "ENTRIES q", "dump style local")]
    public void Damage_is_named_with_its_line(string good, string bad, string message)
    {
        int at = TwoFrames.IndexOf(good, StringComparison.Ordinal);
        Assert.Contains(message, Files.Failure(TwoFrames[..at] + bad + TwoFrames[(at + good.Length)..]));
    }

    [Fact]
    public void An_announced_number_of_atoms_is_not_allocated_before_it_is_seen()
    {
        string cut = TwoFrames[..TwoFrames.IndexOf("0.25 3", StringComparison.Ordinal)].Replace("ATOMS\n3", "ATOMS\n2147483647");
        Assert.Contains("1 of 2147483647 atoms are there", Files.Failure(cut));
    }

    [Fact]
    public void Refilling_a_frame_allocates_nothing()
    {
        StringBuilder text = new();
        for (int k = 0; k < 12; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n2000\n");
            text.Append("ITEM: BOX BOUNDS pp pp pp\n0 1\n0 1\n0 1\nITEM: ATOMS id type element x y z vx label\n");
            for (int i = 0; i < 2000; i++)
                text.Append(CultureInfo.InvariantCulture, $"{i + 1} 1 Cu {i * 0.1} {i * 0.01 + k} 0.30000000000000004 {i} w{i % 5}\n");
        }

        using TrajectoryReader reader = Files.Open(text.ToString());
        using Frame frame = new();
        for (int k = 0; k < 2; k++)
        {
            reader.Read(frame);
            frame.SetColumn(ColumnNames.StructureType, ColumnKind.Integer).Integers.Clear();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 10; k++)
        {
            Assert.True(reader.Read(frame));
            frame.SetColumn(ColumnNames.StructureType, ColumnKind.Integer).Integers.Clear();
        }

        long perFrame = (GC.GetAllocatedBytesForCurrentThread() - before) / 10;
        // The box of each frame, a hundred bytes, is compared with the one before and dropped.
        Assert.True(perFrame < 512, $"{perFrame} bytes per frame");
    }
}
