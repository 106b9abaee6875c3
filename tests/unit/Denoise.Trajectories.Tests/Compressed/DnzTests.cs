using Denoise.Atoms;
using Denoise.TestSupport;
using Denoise.Trajectories.Compressed;

namespace Denoise.Trajectories.Tests.Compressed;

/// <summary>.dnz files keep what they promise of any frames, and say what is wrong with files that are damaged or cut.</summary>
public class DnzTests
{
    private static readonly DnzOptions Small = new() { Bound = 0.01, ChunkAtoms = 100, KeyEvery = 4 };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_coordinate_is_within_the_bound(int seed)
    {
        Random random = new(seed);
        double bound = Math.Pow(10, -1 - random.Next(4));
        List<Snapshot> frames = Trajectories.Random(random, 6);
        byte[] file = Trajectories.Compress(frames, Small with { Bound = bound, ChunkAtoms = random.Next(20, 300) });
        List<Snapshot> read = Files.ReadAll(Files.Open(file, "test.dnz", random));
        Assert.Equal(frames.Count, read.Count);
        for (int f = 0; f < frames.Count; f++)
            Trajectories.AssertClose(frames[f], read[f], bound, $"seed {seed}, frame {f}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Lossless_files_give_every_bit(int seed)
    {
        Random random = new(seed);
        // With decimals, as text has them, and without.
        List<Snapshot> frames = Trajectories.Random(random, 5, decimals: seed % 2 == 0 ? 4 : null);
        List<Snapshot> read = Files.ReadAll(Files.Open(Trajectories.Compress(frames, Small with { Mode = DnzMode.Lossless }), "test.dnz"));
        for (int f = 0; f < frames.Count; f++)
            Snapshot.AssertEqual(Trajectories.Sorted(frames[f]), read[f]);
    }

    [Fact]
    public void Frames_that_all_begin_anew()
    {
        Random random = new(3);
        List<Snapshot> frames = Trajectories.Random(random, 6);
        DnzOptions options = Small with { KeyEvery = 1, ChunkAtoms = 30 };
        List<Snapshot> read = Files.ReadAll(Files.Open(Trajectories.Compress(frames, options), "test.dnz"));
        Assert.Equal(frames.Count, read.Count);
        for (int f = 0; f < frames.Count; f++)
            Trajectories.AssertClose(frames[f], read[f], options.Bound, $"frame {f}");
    }

    [Fact]
    public void Atoms_that_were_moved_to_either_side_of_a_face_cost_little()
    {
        const int Cells = 12;
        Random random = new(11);
        List<Snapshot> plain = [.. Enumerable.Range(0, 5).Select(k => Trajectories.Crystal(random, Cells, 0.002, k))], moved = [];
        foreach (Snapshot frame in plain)
        {
            // After the first frame those of the planes at 0 turn up at the other face as often, a little outside or inside.
            double edge = moved.Count > 0 ? frame.Box.A.X : 0;
            double[] positions = [.. frame.Positions.Select(x => Math.Abs(x) < 0.1 && random.Next(2) == 0 ? x + edge : x)];
            moved.Add(frame with { Positions = positions });
        }

        DnzOptions options = new() { Mode = DnzMode.Structure, Bound = 0.01, KeyEvery = 64 };
        byte[] file = Trajectories.Compress(moved, options);
        List<Snapshot> read = Files.ReadAll(Files.Open(file, "test.dnz"));
        for (int f = 0; f < moved.Count; f++)
            for (int k = 0; k < moved[f].Positions.Length; k++)
                Assert.True(Math.Abs(moved[f].Positions[k] - read[f].Positions[k]) <= options.Bound, $"frame {f}, coordinate {k}");
        // A bit for each of the coordinates that can be at either side, and not an exception of several bytes.
        double coordinates = plain.Sum(frame => frame.Positions.Count(x => Math.Abs(x) < 0.1));
        Assert.InRange(8 * (file.Length - Trajectories.Compress(plain, options).Length) / coordinates, 0.5, 4);
    }

    [Fact]
    public void Crystals_cost_no_more_than_their_noise()
    {
        Random random = new(7);
        List<Snapshot> frames = [.. Enumerable.Range(0, 3).Select(k => Trajectories.Crystal(random, 12, 0.08, k))];
        byte[] file = Trajectories.Compress(frames, new() { Bound = 0.01 });
        // Entropy of Gaussian noise of 0.08 Å on a grid of 0.02 Å: log2(0.08 sqrt(2 pi e) / 0.02).
        double limit = Math.Log2(0.08 * Math.Sqrt(2 * Math.PI * Math.E) / 0.02);
        double bits = 8.0 * file.Length / frames.Sum(frame => frame.Positions.Length);
        Assert.InRange(bits, 0.95 * limit, 1.25 * limit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Frames_of_hardly_any_atoms(int atoms)
    {
        List<Snapshot> frames = [.. Enumerable.Range(0, 3).Select(k => Trajectories.Gas(new(k), atoms, k))];
        List<Snapshot> read = Files.ReadAll(Files.Open(Trajectories.Compress(frames, Small), "test.dnz"));
        for (int f = 0; f < frames.Count; f++)
            Trajectories.AssertClose(frames[f], read[f], Small.Bound, $"frame {f}");
    }

    [Fact]
    public void Ids_may_come_twice()
    {
        Snapshot frame = Trajectories.Gas(new(1), 50, 0);
        frame = frame with { Ids = [.. frame.Ids.Select(id => id / 2)] };
        Snapshot read = Files.ReadAll(Files.Open(Trajectories.Compress([frame, frame], Small), "test.dnz"))[1];
        Assert.Equal(frame.Ids.Order(), read.Ids);
        for (int i = 0; i < read.Ids.Length; i++)
            Assert.Contains(Enumerable.Range(0, 50).Where(k => frame.Ids[k] == read.Ids[i]), k => Enumerable.Range(0, 3).All(
                a => Math.Abs(frame.Positions[3 * k + a] - read.Positions[3 * i + a]) <= Small.Bound));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_place_is_refused(double x)
    {
        Snapshot frame = Trajectories.Gas(new(1), 7, 3);
        frame.Positions[10] = x;
        string message = Assert.Throws<InputException>(() => Trajectories.Compress([frame], Small)).Message;
        Assert.Contains($"atom {frame.Ids[3]} of the frame of step 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_finer_than_doubles_is_refused()
    {
        Snapshot frame = Trajectories.Gas(new(1), 7, 3);
        Assert.Contains("larger bound", Assert.Throws<InputException>(
            () => Trajectories.Compress([frame], Small with { Bound = 1e-16 })).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Trajectories.Compress([frame], Small with { Bound = double.NaN }));
    }

    [Fact]
    public void Without_ids_atoms_keep_one_order_from_key_to_key()
    {
        List<Snapshot> frames = Trajectories.Random(new(3), 4);
        List<Snapshot> read = Files.ReadAll(Files.Open(Trajectories.Compress(frames, Small with { KeepsIds = false }), "test.dnz"));
        Assert.All(read, frame => Assert.Equal(Enumerable.Range(1, frame.Ids.Length).Select(k => (long)k), frame.Ids));
        Assert.Equal(read[0].Types, read[1].Types);
    }

    [Fact]
    public void Structure_files_keep_types_and_the_noise_of_blocks()
    {
        Snapshot frame = Trajectories.Gas(new(1), 60, 0);
        frame = frame with
        {
            Columns = new()
            {
                ["vx"] = [.. Enumerable.Repeat("1.5", 60)],
                [ColumnNames.StructureType] = [.. Enumerable.Range(0, 60).Select(k => (k % 3).ToString())],
                [ColumnNames.Displacement] = [.. Enumerable.Repeat("0.25", 60)],
            },
        };
        DnzOptions options = Small with { Mode = DnzMode.Structure };
        Snapshot read = Files.ReadAll(Files.Open(Trajectories.Compress([frame], options), "test.dnz"))[0];
        Assert.Equal([ColumnNames.StructureType, "rms_displacement"], read.Columns.Keys);
        Assert.Equal(Trajectories.Sorted(frame).Columns[ColumnNames.StructureType], read.Columns[ColumnNames.StructureType]);
        Assert.All(read.Columns["rms_displacement"], text => Assert.Equal("0.25", text));
    }

    [Fact]
    public void Waves_in_a_denoised_crystal_cost_next_to_nothing()
    {
        Snapshot frame = Trajectories.Crystal(new(2), 12, 0.002, 0);
        for (int k = 0; k < frame.Positions.Length; k++)
            frame.Positions[k] += 0.05 * Math.Sin(2 * Math.PI * frame.Positions[k - k % 3] / 43.2 + k % 3);
        List<Snapshot> frames = [.. Enumerable.Range(0, 4).Select(k => frame with { Step = k })];
        byte[] file = Trajectories.Compress(frames, new() { Mode = DnzMode.Structure, Bound = 0.01 });
        byte[] first = Trajectories.Compress([frame], new() { Mode = DnzMode.Structure, Bound = 0.01 });
        Assert.InRange(8.0 * (file.Length - first.Length) / 3 / frame.Ids.Length, 0, 1.6);
        Snapshot read = Files.ReadAll(Files.Open(file, "test.dnz"))[3];
        for (int k = 0; k < read.Positions.Length; k++)
            Assert.InRange(Math.Abs(read.Positions[k] - frame.Positions[k]), 0, 0.01);
    }

    [Fact]
    public void A_frame_can_be_read_behind_skipped_ones()
    {
        List<Snapshot> frames = Trajectories.Random(new(5), 7);
        byte[] file = Trajectories.Compress(frames, Small);
        List<Snapshot> all = Files.ReadAll(Files.Open(file, "test.dnz"));
        for (int wanted = 0; wanted < frames.Count; wanted++)
        {
            using TrajectoryReader reader = Files.Open(file, "test.dnz");
            for (int k = 0; k < wanted; k++)
                Assert.True(reader.Skip());
            using Frame frame = new();
            Assert.True(reader.Read(frame));
            Snapshot.AssertEqual(all[wanted], Snapshot.Of(frame));
        }
    }

    [Fact]
    public void A_file_cut_at_any_byte_gives_every_whole_chunk()
    {
        List<Snapshot> frames = [.. Enumerable.Range(0, 3).Select(k => Trajectories.Gas(new(9), 40, k))];
        byte[] file = Trajectories.Compress(frames, Small with { ChunkAtoms = 15 });
        List<Snapshot> all = Files.ReadAll(Files.Open(file, "test.dnz"));
        int atomsBefore = 0;
        for (int length = 1; length < file.Length; length++)
        {
            using TrajectoryReader reader = Files.Open(file[..length], "test.dnz");
            reader.Salvages = true;
            using Frame frame = new();
            int atoms = 0, read = 0;
            try
            {
                for (; reader.Read(frame); read++, atoms += frame.Count)
                    AssertPart(all[read], frame);
                Assert.Contains(reader.Warnings, warning => warning.Contains("cut", StringComparison.Ordinal));
            }
            catch (InputException cut)
            {
                Assert.Contains("cut off", cut.Message, StringComparison.Ordinal);
                atoms += frame.Count;
            }

            Assert.True(atoms >= atomsBefore, $"{atoms} atoms of {length} bytes, {atomsBefore} of one less");
            atomsBefore = atoms;
        }

        Assert.Equal(all.Sum(frame => frame.Ids.Length), atomsBefore);
    }

    [Fact]
    public void A_flipped_bit_is_detected_and_costs_one_chunk()
    {
        // All are keys, so that no chunk needs another.
        List<Snapshot> frames = [.. Enumerable.Range(0, 2).Select(k => Trajectories.Gas(new(9), 40, k))];
        byte[] file = Trajectories.Compress(frames, Small with { ChunkAtoms = 10, KeyEvery = 1 });
        List<Snapshot> all = Files.ReadAll(Files.Open(file, "test.dnz"));
        // What ends the file is an index, which a reader does without.
        int end = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[.. Records.Sync, Records.Index]);
        for (int at = 0; at < end; at++)
        {
            byte[] damaged = [.. file];
            damaged[at] ^= (byte)(1 << at % 8);
            using TrajectoryReader reader = Files.Open(damaged, "test.dnz");
            reader.Salvages = true;
            using Frame frame = new();
            int atoms = 0;
            bool isTold = false, isFrame = false;
            while (true)
                try
                {
                    if (!reader.Read(frame))
                        break;
                    atoms += frame.Count;
                    AssertPart(all[(int)frame.Step], frame);
                }
                catch (InputException)
                {
                    (isTold, isFrame) = (true, true);
                    Assert.True(reader.Recover());
                }

            Assert.True(isTold || reader.Warnings.Count > 0, $"byte {at}: nobody noticed");
            isFrame |= reader.Warnings.Any(warning => warning.Contains("passed over", StringComparison.Ordinal));
            Assert.True(atoms >= (isFrame ? 40 : 70), $"byte {at}: {atoms} atoms are left");
        }
    }

    [Fact]
    public void Files_of_version_1_stay_readable()
    {
        string folder = Path.Combine(
            SharedReference.RepositoryRoot, "tests", "unit", "Denoise.Trajectories.Tests", "data", "compressed");
        List<Snapshot> read = Files.ReadAll(Files.Open(File.ReadAllBytes(Path.Combine(folder, "version-1.dnz")), "version-1.dnz"));
        List<Snapshot> expected = Files.ReadAll(File.ReadAllText(Path.Combine(folder, "version-1.dump")));
        Assert.Equal(expected.Count, read.Count);
        for (int f = 0; f < read.Count; f++)
            Trajectories.AssertClose(expected[f], read[f], 0.01, $"frame {f}");
    }

    private static void AssertPart(Snapshot whole, Frame part)
    {
        Dictionary<long, int> rows = [];
        for (int i = 0; i < whole.Ids.Length; i++)
            rows[whole.Ids[i]] = i;
        for (int i = 0; i < part.Count; i++)
            for (int a = 0; a < 3; a++)
                Assert.Equal(whole.Positions[3 * rows[part.Ids[i]] + a], part.Positions[3L * i + a]);
    }
}
