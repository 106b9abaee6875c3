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
}
