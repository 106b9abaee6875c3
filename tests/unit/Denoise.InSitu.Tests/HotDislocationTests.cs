using System.Globalization;
using System.IO.Compression;
using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>A loop of interstitials in iron, minimised, and after a picosecond at 300 K (made by make.py of the structure tests).</summary>
public sealed class HotDislocationTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void A_hot_loop_that_is_denoised_is_as_long_as_its_minimised_self()
    {
        double cold = Length("fe-loop", new() { Analyses = ["dislocations:structure=bcc,lattice=2.8553"] });
        double hot = Length("fe-loop-hot", new() { Model = Metals.Model, Analyses = ["dislocations:structure=bcc,lattice=2.8553"] });
        output.WriteLine($"minimised {cold:f2} Å, hot and denoised {hot:f2} Å");
        Assert.Equal(cold, hot, 0.1 * cold);
    }

    private static double Length(string name, SessionOptions options)
    {
        string path = Path.Combine(
            SharedReference.RepositoryRoot, "tests", "unit", "Denoise.Structure.Tests", "Dislocations", name + ".xyz.gz");
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        int count = int.Parse(reader.ReadLine()!, CultureInfo.InvariantCulture);
        double[] head = Numbers(reader.ReadLine()!);
        double[] positions = [.. Enumerable.Range(0, count).SelectMany(_ => Numbers(reader.ReadLine()!))];
        using Session session = new(options);
        FrameResult result = session.Process(new()
        {
            LocalCount = count,
            Positions = positions,
            Box = Box.Orthogonal(head[0], head[1], head[2]),
        });
        double all = result.Globals.Single(global => global.Name == "dislocation_length").Value;
        Assert.Equal(all, result.Globals.Single(global => global.Name == "dislocation_length_111").Value);
        return all;
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
