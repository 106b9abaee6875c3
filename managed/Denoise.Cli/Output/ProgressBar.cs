using System.Diagnostics;
using System.Globalization;

namespace Denoise.Cli.Output;

/// <summary>
/// How far the file is, on the last line of the terminal; nothing where standard error is no terminal. Redrawn at most ten times
/// a second. A library for this would bring ten times the code of the rest of the program.
/// </summary>
internal sealed class ProgressBar
{
    private const int Width = 30;
    private const string EraseLine = "\r\u001b[K";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    private readonly TextWriter? _terminal;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _drawn = -Interval;
    private bool _visible;
    private double _fraction;

    /// <param name="terminal">null: draw nothing</param>
    public ProgressBar(TextWriter? terminal) => _terminal = terminal;

    /// <summary>The bar of this process: on the first rank, if standard error is a terminal that can erase a line.</summary>
    public static ProgressBar ForConsole(bool isRoot) =>
        new(isRoot && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb")
            ? StandardStreams.Error : null);

    /// <summary>False where it draws nothing.</summary>
    public bool IsDrawn => _terminal is not null;

    /// <param name="fraction">of the file, 0 to 1; null: unknown</param>
    /// <param name="frames">done</param>
    public void Show(double? fraction, long frames)
    {
        _fraction = Math.Clamp(fraction ?? 0, 0, 1);
        if (_clock.Elapsed - _drawn < Interval)
            return;
        string left = _fraction > 0.01 ? $", {Duration(_clock.Elapsed * (1 / _fraction - 1))} left" : "";
        double seconds = _clock.Elapsed.TotalSeconds;
        string rate = frames > 0 && seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", {frames / seconds:G3} frames/s") : "";
        Draw($"{frames} frame{(frames == 1 ? "" : "s")}, {Duration(_clock.Elapsed)}{rate}{left}");
    }

    /// <param name="fraction">done, 0 to 1</param>
    /// <param name="left">time that the rest will take</param>
    /// <param name="text">how it goes</param>
    public void Show(double fraction, TimeSpan left, string text)
    {
        _fraction = Math.Clamp(fraction, 0, 1);
        if (_clock.Elapsed - _drawn >= Interval)
            Draw($"{text}, {Duration(left)} left");
    }

    /// <summary>Work on a frame begins, which may take long.</summary>
    public void Begin(long frame, int atoms)
    {
        if (_clock.Elapsed - _drawn >= Interval)
            Draw($"frame {frame}: {atoms:N0} atoms");
    }

    /// <summary>Takes the bar away, so that a line can be printed.</summary>
    public void Clear()
    {
        if (!_visible)
            return;
        _terminal!.Write(EraseLine);
        _terminal.Flush();
        _visible = false;
        _drawn = -Interval;
    }

    public static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{time.TotalHours:F1} h"
        : time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes}:{time.Seconds:D2} min" : $"{time.TotalSeconds:F0} s";

    private void Draw(string text)
    {
        if (_terminal is null)
            return;
        int full = (int)(_fraction * Width);
        _terminal.Write($"{EraseLine}[{new string('#', full)}{new string('.', Width - full)}] {100 * _fraction,3:F0}%  {text}");
        _terminal.Flush();
        _visible = true;
        _drawn = _clock.Elapsed;
    }
}
