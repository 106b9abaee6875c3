using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

/// <summary>Reads files that are strings.</summary>
internal static class Files
{
    public static TrajectoryReader Open(string text, string name = "test.dump", Random? random = null) =>
        Open(Encoding.UTF8.GetBytes(text), name, random);

    public static TrajectoryReader Open(byte[] bytes, string name = "test.dump", Random? random = null) =>
        ReaderFactory.Open(new ChunkedStream(bytes, random), name, random is null ? 256 * 1024 : random.Next(1, 64));

    public static List<Snapshot> ReadAll(TrajectoryReader reader)
    {
        using (reader)
        using (Frame frame = new())
        {
            List<Snapshot> frames = [];
            while (reader.Read(frame))
                frames.Add(Snapshot.Of(frame));
            Assert.Equal(frames.Count, reader.FramesRead);
            return frames;
        }
    }

    public static List<Snapshot> ReadAll(string text, string name = "test.dump", Random? random = null) =>
        ReadAll(Open(text, name, random));

    /// <summary>Reads on until an error, which must come.</summary>
    public static string Failure(string text, string name = "test.dump") =>
        Assert.Throws<InputException>(() => ReadAll(text, name)).Message;

    /// <summary>Of a file of three frames, cut at every byte behind its first words.</summary>
    public static void AssertCutFileGivesTheFramesBefore(byte[] file, string name)
    {
        List<Snapshot> whole = ReadAll(Open(file, name));
        Assert.Equal(3, whole.Count);
        for (int length = 9; length < file.Length; length++)
        {
            using TrajectoryReader reader = Open(file[..length], name);
            using Frame frame = new();
            int frames = 0;
            try
            {
                for (; reader.Read(frame); frames++)
                    Snapshot.AssertEqual(whole[frames], Snapshot.Of(frame));
            }
            catch (InputException cut)
            {
                Assert.Contains("cut off", cut.Message, StringComparison.Ordinal);
            }

            Assert.InRange(frames, 0, 2);
        }
    }

    /// <summary>Of a file of three frames, through a buffer of any size: the first two, and the third is read.</summary>
    public static void AssertFramesCanBePassedOver(byte[] file, string name)
    {
        List<Snapshot> whole = ReadAll(Open(file, name));
        foreach (Random? random in (Random?[])[null, new(3)])
        {
            using TrajectoryReader reader = Open(file, name, random);
            using Frame frame = new();
            Assert.True(reader.Skip() && reader.Skip() && reader.Read(frame));
            Snapshot.AssertEqual(whole[2], Snapshot.Of(frame));
            Assert.False(reader.Skip());
        }
    }
}
