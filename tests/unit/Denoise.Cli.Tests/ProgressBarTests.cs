using Denoise.Cli.Output;

namespace Denoise.Cli.Tests;

public sealed class ProgressBarTests
{
    [Fact]
    public void Draws_on_one_line_and_goes_away()
    {
        using StringWriter terminal = new();
        ProgressBar bar = new(terminal);
        bar.Show(0.5, 3);
        string drawn = terminal.ToString();
        Assert.StartsWith("\r\u001b[K[###############...............]  50%  3 frames", drawn);
        Assert.DoesNotContain('\n', drawn);

        bar.Clear();
        Assert.Equal(drawn + "\r\u001b[K", terminal.ToString());
        bar.Clear();
        Assert.Equal(drawn + "\r\u001b[K", terminal.ToString());
    }

    [Fact]
    public void Redraws_at_most_ten_times_a_second()
    {
        using StringWriter terminal = new();
        ProgressBar bar = new(terminal);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int frame = 0; frame < 10_000; frame++)
            bar.Show(frame / 10_000.0, frame);
        int drawn = terminal.ToString().Split('\r').Length - 1;
        Assert.InRange(drawn, 1, 2 + (int)(clock.Elapsed.TotalSeconds * 10));
    }

    [Fact]
    public void Draws_nothing_without_a_terminal()
    {
        ProgressBar bar = new(null);
        bar.Begin(1, 10);
        bar.Show(0.5, 1);
        bar.Show(null, 1);
        bar.Clear();
    }
}
