using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

/// <summary>Frames that nobody wants, and frames that nobody can read: whoever passes over a file counts its frames alike.</summary>
public class SkippingTests
{
    private const string Header = "ITEM: BOX BOUNDS pp pp pp\n0 4\n0 4\n0 4\nITEM: ATOMS id type x y z\n";

    private static string Dump(int step, int atoms = 2, string? last = null, int? announced = null)
    {
        StringBuilder text = new($"ITEM: UNITS\nmetal\nITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{announced ?? atoms}\n{Header}");
        for (int i = 1; i <= atoms; i++)
            text.Append(i == atoms && last is not null ? last : $"{i} 1 {i} 2 {step}").Append('\n');
        return text.ToString();
    }

    private static string Xyz(int step, int atoms = 2, string? last = null, int? announced = null)
    {
        StringBuilder text = new($"{announced ?? atoms}\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 Timestep={step}\n");
        for (int i = 1; i <= atoms; i++)
            text.Append(i == atoms && last is not null ? last : $"Cu {i} 2 {step}").Append('\n');
        return text.ToString();
    }

    /// <summary>What a reader finds that reads one frame of several and passes over the others.</summary>
    private static (List<long> Steps, List<string> Failures, long Frames) Pass(string text, string name, int every, int first, Random? random)
    {
        using TrajectoryReader reader = Files.Open(text, name, random);
        using Frame frame = new();
        List<long> steps = [];
        List<string> failures = [];
        while (true)
        {
            bool isRead = reader.FramesRead % every == first;
            try
            {
                if (isRead ? !reader.Read(frame) : !reader.Skip())
                    return (steps, failures, reader.FramesRead);
                if (isRead)
                    steps.Add(frame.Step);
            }
            catch (InputException failure)
            {
                failures.Add(failure.Message);
                if (!reader.Recover())
                    return (steps, failures, reader.FramesRead);
            }
        }
    }

    [Theory]
    [InlineData("a.dump")]
    [InlineData("a.xyz")]
    public void Skipped_frames_are_counted_and_the_others_read(string name)
    {
        string text = string.Concat(Enumerable.Range(0, 10).Select(k => name == "a.xyz" ? Xyz(k, k % 4) : Dump(k, k % 4)));
        foreach (Random? random in (Random?[])[null, new Random(1), new Random(2)])
            for (int every = 1; every < 5; every++)
                for (int first = 0; first < every; first++)
                {
                    var (steps, failures, frames) = Pass(text, name, every, first, random);
                    Assert.Equal(Enumerable.Range(0, 10).Where(k => k % every == first).Select(k => (long)k), steps);
                    Assert.Empty(failures);
                    Assert.Equal(10, frames);
                }
    }

    public static TheoryData<string, string, bool> Damages()
    {
        TheoryData<string, string, bool> cases = [];
        foreach ((string damage, bool isSeenBySkipping) in (ReadOnlySpan<(string, bool)>)[
            ("a word for a number", false), ("not a number", false), ("too few atoms", true), ("a field too many", false)])
        {
            cases.Add("a.dump", damage, isSeenBySkipping);
            cases.Add("a.xyz", damage, isSeenBySkipping);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_frame_costs_itself_alone(string name, string damage, bool isSeenBySkipping)
    {
        bool xyz = name == "a.xyz";
        string bad = damage switch
        {
            "a word for a number" => xyz ? Xyz(3, 3, "Cu 1 x 3") : Dump(3, 3, "3 1 1 x 3"),
            "not a number" => xyz ? Xyz(3, 3, "Cu nan 2 3") : Dump(3, 3, "3 1 nan 1 3"),
            "too few atoms" => xyz ? Xyz(3, 3, announced: 4) : Dump(3, 3, announced: 4),
            _ => xyz ? Xyz(3, 3, "Cu 1 2 3 4 5") : Dump(3, 3, "3 1 1 2 3 4"),
        };
        string before = string.Concat(Enumerable.Range(0, 3).Select(k => xyz ? Xyz(k) : Dump(k)));
        string text = before + bad + string.Concat(Enumerable.Range(4, 3).Select(k => xyz ? Xyz(k) : Dump(k)));
        foreach (Random? random in (Random?[])[null, new Random(1), new Random(2)])
        {
            for (int every = 1; every < 4; every++)
                for (int first = 0; first < every; first++)
                {
                    var (steps, failures, frames) = Pass(text, name, every, first, random);
                    Assert.Equal(Enumerable.Range(0, 7).Where(k => k != 3 && k % every == first).Select(k => (long)k), steps);
                    Assert.Equal(7, frames);
                    bool isRead = 3 % every == first;
                    if (!isRead && !isSeenBySkipping)
                        Assert.Empty(failures);
                    else
                        Assert.Contains($"frame 4 begins at byte {before.Length}", Assert.Single(failures));
                }
        }
    }

    [Theory]
    [InlineData("a.dump")]
    [InlineData("a.xyz")]
    public void Lines_of_any_length_and_frames_that_lack_some_are_counted_alike(string name)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Random random = new(seed);
            StringBuilder text = new();
            for (int k = 0; k < 12; k++)
            {
                int atoms = random.Next(200);
                string frame = name == "a.xyz"
                    ? Xyz(k, atoms, announced: atoms + random.Next(10) / 8)
                    : Dump(k, atoms, announced: atoms + random.Next(10) / 8);
                string end = random.Next(3) == 0 ? "\r\n" : "\n";
                foreach (string line in frame.TrimEnd('\n').Split('\n'))
                    text.Append(line).Append(' ', line.EndsWith($" {k}") && line.Length > 4 ? random.Next(random.Next(2) == 0 ? 2 : 90) : 0)
                        .Append(end);
            }

            var expected = Pass(text.ToString(), name, 1, 0, null);
            foreach (Random? chunks in (Random?[])[null, new Random(seed)])
                for (int every = 2; every < 5; every++)
                    for (int first = 0; first < every; first++)
                    {
                        var found = Pass(text.ToString(), name, every, first, chunks);
                        Assert.Equal(expected.Frames, found.Frames);
                        Assert.Subset(expected.Steps.ToHashSet(), found.Steps.ToHashSet());
                        Assert.Equal(expected.Failures.Count, found.Failures.Count);
                    }
        }
    }

    [Theory]
    [InlineData("a.dump")]
    [InlineData("a.xyz")]
    public void A_file_that_was_cut_anywhere_ends(string name)
    {
        string frame = name == "a.xyz" ? Xyz(0) : Dump(0);
        for (int length = frame.Length + 1; length < 2 * frame.Length; length++)
            for (int every = 1; every < 3; every++)
            {
                var (steps, failures, _) = Pass((frame + frame)[..length], name, every, 0, null);
                Assert.Contains(0, steps);
                Assert.True(failures.Count <= 1);
            }
    }

    [Fact]
    public void Places_in_compressed_files_are_those_of_their_text()
    {
        using TestSupport.ScratchFolder scratch = new();
        string path = scratch["a.dump.gz"];
        string first = Dump(0);
        using (System.IO.Compression.GZipStream stream = new(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(first + Dump(1, 2, "2 1 1 x 1")));
        using TrajectoryReader reader = TrajectoryReader.Open(path);
        using Frame frame = new();
        Assert.True(reader.Read(frame));
        string message = Assert.Throws<InputException>(() => reader.Read(frame)).Message;
        Assert.EndsWith($"frame 2 begins at byte {first.Length} of the decompressed file", message);
    }

    [Fact]
    public void Damaged_compressed_data_cannot_be_passed_over()
    {
        using TestSupport.ScratchFolder scratch = new();
        string path = scratch["a.dump.gz"];
        using (System.IO.Compression.GZipStream stream = new(File.Create(path), System.IO.Compression.CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20000).Select(k => Dump(k)))));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        using TrajectoryReader reader = TrajectoryReader.Open(path);
        Assert.Throws<InputException>(() =>
        {
            while (reader.Skip())
            {
            }
        });
        Assert.False(reader.Recover());
    }

    [Fact]
    public void Binary_dumps_are_skipped_by_their_sizes()
    {
        string folder = Path.Combine(TestSupport.SharedReference.RepositoryRoot, "tests", "unit", "Denoise.Trajectories.Tests", "data", "lammps");
        foreach (string name in (string[])["tri-custom-2021.bin", "tri-custom-2025.bin", "tri-atom-2021.bin", "tri-atom-2025.bin"])
        {
            byte[] one = File.ReadAllBytes(Path.Combine(folder, name));
            using TrajectoryReader reader = Files.Open([.. one, .. one, .. one], name);
            using Frame frame = new();
            Assert.True(reader.Skip());
            Assert.Equal(one.Length, reader.Offset);
            Assert.True(reader.Read(frame));
            Assert.Equal(3, frame.Count);
            Assert.True(reader.Skip());
            Assert.False(reader.Skip());
            Assert.Equal(3, reader.FramesRead);
        }
    }
}
