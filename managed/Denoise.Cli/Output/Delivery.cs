using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.Analysis;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Trajectories;

namespace Denoise.Cli.Output;

/// <summary>
/// Where the frames of a run end, in their order: the file of frames, the table, the report, and the record of what is done. On the
/// first process only.
/// </summary>
internal sealed class Delivery : IFrameSink
{
    private readonly AnalysisOptions _options;
    private readonly IFrameReport _report;
    private readonly ProgressBar _progress;
    private readonly RunWarnings _warnings = new();
    private readonly HashSet<string> _told = [];
    private OutputFile? _output;
    private CsvTable? _csv;
    private ResumeFile? _resume;
    private ResumePoint _begin;

    public Delivery(AnalysisOptions options, IFrameReport report, ProgressBar progress) =>
        (_options, _report, _progress) = (options, report, progress);

    /// <summary>Number of the wanted frame that the run begins with.</summary>
    public long First => _begin.Next;

    /// <summary>Number of the next wanted frame.</summary>
    public long Next { get; private set; }

    /// <summary>Frames that were left out.</summary>
    public long Bad { get; private set; }

    /// <summary>Before hours of work: can the outputs be written? And where does an interrupted run go on?</summary>
    /// <exception cref="InputException">they cannot, or hold something else</exception>
    public void Check()
    {
        if (_options.Output is { } output)
        {
            _ = TrajectoryWriter.FormatOf(output);
            OutputRules.CheckFrames(output, _options.Inputs, _options.Force);
        }

        if (_options.Csv is { } csv)
            OutputRules.CheckTable(csv, _options.Inputs.Append(_options.Output).OfType<string>(), _options.Force || _options.Resume);
        if (IsResumable)
            CheckResumption();
    }

    /// <summary>Makes the files, when all else is known to be right.</summary>
    public void Open()
    {
        if (_options.Output is { } output)
            _output = new(output, IsResumable && !OutputName.IsStream(output) ? _begin.Output : null);
        if (_options.Csv is { } csv)
            _csv = new(csv, _begin.CsvBytes);
        if (IsResumable)
        {
            string path = ResumeFile.PathOf(_options);
            _ = _options.Resume ? ResumeFile.Read(path, _options, out long length) : Zero(out length);
            _resume = new(path, length, _options);
        }
    }

    public void Write(FinishedFrame frame)
    {
        _output?.Write(frame);
        _csv?.Write(frame);
        Advance();
        _progress.Clear();
        _report.Add(frame.Summary);
        _warnings.Add(frame.Summary);
    }

    /// <summary>A frame is left out.</summary>
    public void LeaveOut(string sentence)
    {
        Bad++;
        Tell($"{sentence.TrimEnd('.')}; left out.");
        _report.CountBad();
        Advance();
    }

    /// <summary>Prints a warning, the same one once.</summary>
    public void Warn(Warning warning)
    {
        if (_told.Add(warning.Key))
            Tell(warning.Text);
    }

    public void Complete()
    {
        _progress.Clear();
        _output?.Complete();
        _csv?.Complete();
        _resume?.Remove();
        foreach (string line in _warnings.Lines())
            Tell(line);
        if (Bad > 0)
            Tell($"{Bad} damaged frame{(Bad == 1 ? " was" : "s were")} left out.");
        _report.End();
    }

    public void Dispose()
    {
        _progress.Clear();
        _output?.Dispose();
        _csv?.Dispose();
        _resume?.Dispose();
        if (_csv is { Length: 0 } && _options.Csv is { } csv && FileStatus.Of(csv) is { IsRegular: true })
            File.Delete(csv);
        // Of a run that ended before its first frame nothing is of use.
        if (_resume is not null && Next == 0 && _begin.Next == 0)
            RemoveTraces();
    }

    private bool IsResumable => _options.IsResumable &&
        (_options.Csv is not null || (_options.Output is { } output && !OutputName.IsStream(output)));

    private static ResumePoint? Zero(out long length)
    {
        length = 0;
        return null;
    }

    private void CheckResumption()
    {
        string? part = _options.Output is { } output && !OutputName.IsStream(output) ? PartFile.PartOf(output) : null;
        string record = ResumeFile.PathOf(_options);
        if (!_options.Resume)
        {
            if (part is not null && SizeOf(part) > 0 && !_options.Force)
                throw new InputException($"{part}: an interrupted run has left it; go on with --resume, or start anew with --force.");
            return;
        }

        _begin = ResumeFile.Read(record, _options, out _) ?? default;
        if (_begin.Next == 0 && part is not null && SizeOf(part) > 0 && !File.Exists(record))
            throw new InputException($"{part}: {record}, which tells how far the run has come, is missing; start anew with --force.");
        Require(part, _begin.Output.Bytes);
        Require(_options.Csv, _begin.CsvBytes);
        (Next, Bad) = (_begin.Next, _begin.Bad);
    }

    private static void Require(string? path, long bytes)
    {
        if (path is not null && SizeOf(path) < bytes)
            throw new InputException($"{path}: is shorter than the interrupted run has left it; start anew with --force.");
    }

    private static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private void Advance()
    {
        Next++;
        _resume?.Add(new(Next, Bad, _output?.Mark ?? default, _csv?.Length ?? 0));
    }

    private void RemoveTraces()
    {
        _resume!.Remove();
        if (_options.Output is { } output && !OutputName.IsStream(output))
            File.Delete(PartFile.PartOf(output));
    }

    private void Tell(string warning)
    {
        _progress.Clear();
        DenoiseCommand.Warn(warning);
        _report.CountWarning();
    }
}
