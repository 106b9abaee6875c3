using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Denoise.Fuzz.Running;

/// <summary>A worker and the watch over it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int KilledBySignal = 128;
    private const int MostErrorText = 8000;
    private const double TicksPerSecond = 100;

    private readonly Process _process;
    private readonly SharedState _state;
    private readonly StringBuilder _errors = new();
    private readonly Stopwatch _sinceProgress = Stopwatch.StartNew();
    private long _executionsSeen;
    private double _secondsAtProgress;
    private bool _hangs;
    private bool _wasStopped;

    /// <param name="order">what it shall do; its state file is cleared</param>
    public WorkerProcess(WorkerOrder order)
    {
        Order = order;
        _state = new(order.StateFile);
        _state.Clear();
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardError = true };
        // Where the program was started as "dotnet Denoise.Fuzz.dll", that is how to start it again; the apphost is beside it otherwise.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Path.Combine(Folders.Instrumented, "Denoise.Fuzz.dll"));
        else
            start.FileName = Path.Combine(Folders.Instrumented, Path.GetFileName(start.FileName));
        foreach (string argument in order.ToArguments())
            start.ArgumentList.Add(argument);
        // A small nursery: what an execution leaves behind goes soon, and the memory that is resident says what executions need.
        start.Environment["DOTNET_GCgen0size"] = "0x1000000";
        // Memory that was freed stays at hand: half of the time of a short execution would go into getting it from the system again.
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "33554432";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "268435456";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null && _errors.Length < MostErrorText)
                _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    public WorkerOrder Order { get; }

    public SharedState State => _state;

    /// <summary>Processor seconds of the whole process.</summary>
    public double Seconds { get; private set; }

    /// <summary>Looks after it; true when it has ended, or its last execution does not.</summary>
    public bool HasEnded()
    {
        if (_process.HasExited)
        {
            _process.WaitForExit();
            return true;
        }

        Seconds = ProcessorSeconds() ?? Seconds;
        if (_state.Executions != _executionsSeen)
        {
            (_executionsSeen, _secondsAtProgress) = (_state.Executions, Seconds);
            _sinceProgress.Restart();
            return false;
        }

        _hangs = (_executionsSeen > 0 && Seconds - _secondsAtProgress > Limits.HangSeconds)
            || _sinceProgress.Elapsed.TotalSeconds > Limits.StandstillSeconds;
        return _hangs;
    }

    /// <summary>What became of the last execution of a worker that ended before its time; null where all is well.</summary>
    public Verdict? LastVerdict()
    {
        if (_hangs)
            return new("hang", "", $"did not end within {Limits.HangSeconds} s of processor time or {Limits.StandstillSeconds} s");
        if (_wasStopped || _process.ExitCode == 0)
            return null;
        string how = _process.ExitCode > KilledBySignal
            ? $"signal {_process.ExitCode - KilledBySignal}" : $"exit code {_process.ExitCode}";
        return new("crash", $"{how} {_errors.ToString().Split('\n')[0]}", $"{how}\n{_errors}");
    }

    /// <summary>Ends it, if it has not ended.</summary>
    public void Stop()
    {
        if (_process.HasExited)
            return;
        _wasStopped = true;
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        _process.Dispose();
        _state.Dispose();
    }

    private double? ProcessorSeconds()
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            // After the name, which may hold anything: state is field 3, utime 14, stime 15.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
                / TicksPerSecond;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
