using System.Diagnostics;
using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Xunit.Abstractions;

namespace Denoise.Trajectories.Tests;

/// <summary>Prints how fast text is read (goal: 100 MB/s per core); never fails for being slow, as machines are shared.</summary>
public class ReadingSpeedTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("G6")]
    [InlineData("R")]
    public void Reading_a_dump(string format)
    {
        const int Atoms = 50_000, Frames = 4;
        Random random = new(1);
        StringBuilder text = new();
        string Number() => (random.NextDouble() * 100).ToString(format, CultureInfo.InvariantCulture);
        for (int k = 0; k < Frames; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"ITEM: TIMESTEP\n{k}\nITEM: NUMBER OF ATOMS\n{Atoms}\n");
            text.Append("ITEM: BOX BOUNDS pp pp pp\n0 100\n0 100\n0 100\nITEM: ATOMS id type x y z\n");
            for (int i = 0; i < Atoms; i++)
                text.Append(CultureInfo.InvariantCulture, $"{i + 1} 1 {Number()} {Number()} {Number()}\n");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        double best = 0;
        using Frame frame = new();
        for (int trial = 0; trial < 5; trial++)
        {
            long start = Stopwatch.GetTimestamp();
            using TrajectoryReader reader = Files.Open(bytes);
            while (reader.Read(frame))
                Assert.Equal(Atoms, frame.Count);
            Assert.Equal(Frames, reader.FramesRead);
            best = Math.Max(best, bytes.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6);
        }

        output.WriteLine($"{format}: {best:f0} MB/s of text ({bytes.Length / 1e6:f1} MB, best of 5)");
    }
}
