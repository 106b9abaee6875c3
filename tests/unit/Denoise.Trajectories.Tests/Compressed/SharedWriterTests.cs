using Denoise.Atoms;
using Denoise.TestSupport;
using Denoise.Trajectories.Compressed;

namespace Denoise.Trajectories.Tests.Compressed;

public class SharedWriterTests
{
    private static readonly DnzOptions Small = new() { Bound = 0.01, KeyEvery = 5, ChunkAtoms = 40 };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 10)];

    /// <summary>Atoms go from rank to rank in every frame, ranks are empty, atoms come and go.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_number_of_ranks_writes_the_same_bytes(int seed)
    {
        Random random = new(seed);
        List<Snapshot> frames = [.. Trajectories.Random(random, 12).Select(WithoutWords)];
        frames[7] = frames[7] with { Ids = [.. frames[7].Ids.Select(id => id == 3 ? 77_000_000_000 : id)] };
        frames[8] = Without(frames[8], 5);
        frames[9] = Without(frames[9], 5);
        using ScratchFolder folder = new();
        byte[]? alone = null;
        foreach (int size in new[] { 1, 2, 3, 4 })
        {
            string path = folder[$"{size}.dnz"];
            Exception?[] failures = ThreadRank.Run(size, rank =>
            {
                using SharedDnzWriter writer = new(path, Small, rank, failure => Agree(rank, failure));
                using Frame frame = new();
                foreach (Snapshot snapshot in frames)
                {
                    Take(frame, snapshot, atom => Owner(snapshot, atom, size, seed) == rank.Rank);
                    writer.Write(frame);
                }

                writer.Complete();
            });
            Assert.All(failures, Assert.Null);
            byte[] bytes = File.ReadAllBytes(path);
            Assert.Equal(alone ??= bytes, bytes);
        }

        List<Snapshot> read = Files.ReadAll(Files.Open(alone!, "test.dnz"));
        Assert.Equal(frames.Count, read.Count);
        for (int f = 0; f < frames.Count; f++)
            Trajectories.AssertClose(frames[f], read[f], Small.Bound, $"seed {seed}, frame {f}");
    }

    [Fact]
    public void What_is_wrong_on_one_rank_fails_on_all_and_leaves_the_file_good()
    {
        List<Snapshot> frames = [.. Trajectories.Random(new(1), 4).Select(WithoutWords)];
        using ScratchFolder folder = new();
        Exception?[] failures = ThreadRank.Run(3, rank =>
        {
            using SharedDnzWriter writer = new(folder["a.dnz"], Small, rank, failure => Agree(rank, failure));
            using Frame frame = new();
            for (int f = 0; f < 4; f++)
            {
                Take(frame, frames[f], atom => atom % 3 == rank.Rank);
                if (f == 2 && rank.Rank == 1)
                    frame.Positions[4] = double.NaN;
                if (f == 2)
                    Assert.ThrowsAny<InputException>(() => writer.Write(frame));
                else
                    writer.Write(frame);
            }

            writer.Complete();
        });
        Assert.All(failures, Assert.Null);
        TrajectoryReader reader = TrajectoryReader.Open(folder["a.dnz"]);
        List<Snapshot> read = Files.ReadAll(reader);
        Assert.Equal([0, 100, 300], read.Select(frame => frame.Step));
        Assert.Empty(reader.Warnings);
    }

    /// <summary>A rank of a frame that was being written when all were killed has written, the other has not.</summary>
    [Fact]
    public void A_killed_run_loses_the_frame_that_it_was_writing()
    {
        List<Snapshot> frames = [.. Trajectories.Random(new(4), 3).Select(WithoutWords)];
        using ScratchFolder folder = new();
        long complete = 0;
        Exception?[] failures = ThreadRank.Run(2, rank =>
        {
            using SharedDnzWriter writer = new(folder["a.dnz"], Small, rank, failure => Agree(rank, failure));
            using Frame frame = new();
            foreach (Snapshot snapshot in frames)
            {
                complete = writer.Written;
                Take(frame, snapshot, atom => atom % 2 == rank.Rank);
                writer.Write(frame);
            }
        });
        Assert.All(failures, Assert.Null);
        byte[] bytes = File.ReadAllBytes(folder["a.dnz"]);
        int middle = (int)(complete + bytes.Length) / 2;
        Array.Clear(bytes, (int)complete, middle - (int)complete);
        foreach (byte[] left in new[] { bytes, bytes[..middle] })
        {
            TrajectoryReader reader = Files.Open(left, "test.dnz");
            using Frame frame = new();
            Assert.True(reader.Read(frame) && reader.Read(frame));
            Trajectories.AssertClose(frames[1], Snapshot.Of(frame), Small.Bound, "frame 1");
            try
            {
                Assert.False(reader.Read(frame));
            }
            catch (InputException)
            {
                // It says so in another way.
            }

            Assert.Contains(reader.Warnings, warning => warning.Contains("interrupted") || warning.Contains("damaged"));
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_on_all_ranks()
    {
        Exception?[] failures = ThreadRank.Run(2, rank =>
            new SharedDnzWriter("/nowhere/a.dnz", Small, rank, failure => Agree(rank, failure)).Dispose());
        Assert.Contains("/nowhere/a.dnz", failures[0]!.Message);
        Assert.Equal("another rank failed", failures[1]!.Message);
    }

    private static int Owner(Snapshot frame, int atom, int size, int seed) =>
        seed % 3 == 0 && frame.Step < 500 ? 0 : new Random((int)(frame.Ids[atom] + frame.Step / 200)).Next(size);

    private static void Take(Frame frame, Snapshot snapshot, Func<int, bool> isMine)
    {
        Trajectories.Fill(frame, snapshot);
        frame.Keep([.. Enumerable.Range(0, frame.Count).Where(isMine)]);
    }

    private static void Agree(ThreadRank rank, Exception? failure)
    {
        double[] failed = [failure is null ? 0 : 1];
        rank.AllReduceMax(failed);
        if (failed[0] > 0)
            throw failure ?? new InputException("another rank failed");
    }

    private static Snapshot WithoutWords(Snapshot frame) =>
        frame with { Columns = frame.Columns.Where(column => column.Key != "name").ToDictionary() };

    private static Snapshot Without(Snapshot frame, long id)
    {
        int[] kept = [.. Enumerable.Range(0, frame.Ids.Length).Where(i => frame.Ids[i] != id)];
        return frame with
        {
            Ids = [.. kept.Select(i => frame.Ids[i])],
            Types = [.. kept.Select(i => frame.Types[i])],
            Positions = [.. kept.SelectMany(i => frame.Positions[(3 * i)..(3 * i + 3)])],
            Columns = frame.Columns.ToDictionary(c => c.Key, c => kept.Select(i => c.Value[i]).ToArray()),
        };
    }
}
