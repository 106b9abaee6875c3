using Denoise.Atoms;
using Denoise.TestSupport;
using Denoise.Training.Runs;

namespace Denoise.Training.Tests.Runs;

public sealed class CsvLogTests
{
    private const string Columns = "step,loss";

    [Theory]
    [InlineData("", "")]
    [InlineData("ste", "")]
    [InlineData("step,loss", "")]
    [InlineData("step,loss\n", "")]
    [InlineData("step,loss\n50,1\n10", "50,1\n")]
    [InlineData("step,loss\n50,1\n100,2\n150,3\n", "50,1\n100,2\n")]
    [InlineData("step,loss\n50,1\nnonsense\n100,2\n", "50,1\n")]
    public void A_resumed_table_goes_on_behind_its_last_whole_line(string found, string kept)
    {
        using ScratchFolder scratch = new();
        using (CsvLog log = new(scratch.Write("a.csv", found), Columns, keepUpTo: 100))
            log.Write($"{101},{0.5}");
        Assert.Equal($"step,loss\n{kept}101,0.5\n", File.ReadAllText(scratch["a.csv"]));
    }

    [Theory]
    [InlineData("step,energy\n50,1\n")]
    [InlineData("step,loss,more\n50,1,2\n")]
    [InlineData("my notes")]
    public void Another_table_is_left_alone(string found)
    {
        using ScratchFolder scratch = new();
        string message = Assert.Throws<InputException>(() => new CsvLog(scratch.Write("a.csv", found), Columns, keepUpTo: 100)).Message;
        Assert.Contains("a.csv: is not the table of this training", message, StringComparison.Ordinal);
        Assert.Equal(found, File.ReadAllText(scratch["a.csv"]));
    }

    [Fact]
    public void Lines_appear_whole_and_when_they_are_flushed()
    {
        using ScratchFolder scratch = new();
        using CsvLog log = new(scratch["a.csv"], Columns, keepUpTo: 0);
        for (int step = 1; step <= 1000; step++)
            log.Write($"{step},{1.0 / step:F10}");
        Assert.Equal("step,loss\n", Read());
        log.Flush();
        Assert.Equal(1001, Read().Count(c => c == '\n'));
        Assert.EndsWith("1000,0.0010000000\n", Read(), StringComparison.Ordinal);

        string Read()
        {
            using StreamReader reader = new(new FileStream(scratch["a.csv"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }
}
