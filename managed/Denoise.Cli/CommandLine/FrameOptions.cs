using System.CommandLine;
using System.CommandLine.Parsing;
using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.Cli.Input;
using Denoise.Structure.Analyses;

namespace Denoise.Cli.CommandLine;

/// <summary>
/// What <c>analyze</c>, <c>apply</c> and <c>classify</c> share: inputs, analyses, what is written, and how it is worked on.
/// </summary>
internal sealed class FrameOptions
{
    private readonly Argument<string[]> _files = new("INPUT")
    {
        Description = "LAMMPS dumps (text or binary) or data files, extended XYZ, POSCAR, XDATCAR, CIF, GRO, PDB, XTC, DCD, NetCDF or DNZ, "
            + "also .gz or .zst; the format follows from the content. Several are read as one; patterns such as 'run.*.dump' may be quoted; "
            + "- is standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _with = new("--with")
    {
        HelpName = "SPEC",
        Description = "Compute this, too, such as coordination:cutoff=3.2; may be repeated. 'denoise analyze --list' shows what there is.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string> _select = new("--select")
    {
        HelpName = "EXPR",
        Description = "Write only atoms of which EXPR is true, and count them: columns, numbers, + - * / %, comparisons, && || !, "
            + "parentheses, abs sqrt min max, element == \"Cu\".",
    };

    private readonly Option<string[]> _columns = new("--columns")
    {
        HelpName = "A,B,...",
        Description = "Columns to write beside id, type, element and position, in this order: of the file, structure_type, "
            + "structure_type_raw, displacement, of analyses [default: all].",
        CustomParser = OptionParsers.Names,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string[]> _sites = SharedOptions.Sites();
    private readonly Option<string> _topology = SharedOptions.Topology();

    private readonly Option<FrameRange?> _frames = new("--frames")
    {
        HelpName = "A:B:S",
        Description = "Frames A, A + S, ... before B, counted from 0 over all inputs, as Python slices; one number is one frame.",
        CustomParser = OptionParsers.Frames,
    };

    private readonly Option<int> _every = new("--every")
    {
        HelpName = "K",
        Description = "Every K-th of these.",
        CustomParser = OptionParsers.PositiveInteger,
    };

    private readonly Option<Split> _split = new("--split")
    {
        HelpName = "auto|frames|domains",
        Description = "Under mpirun: each process has frames of its own, or all work on parts of each frame; auto is the first where "
            + "there are as many frames as processes [default: auto].",
        CustomParser = OptionParsers.Split,
    };

    private readonly Option<bool> _skipBad = new("--skip-bad")
    {
        Description = "Leave damaged frames out, tell of each, and count them, instead of ending at the first.",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on where the same command was interrupted.",
    };

    private readonly Option<string> _csv = new("--csv")
    {
        HelpName = "FILE",
        Description = "Write a line per frame as it is done: counts, and what analyses find for the whole frame.",
        CustomParser = OptionParsers.FileName,
    };

    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly Option<long> _memory = SharedOptions.Memory();
    private readonly Option<string> _output = SharedOptions.Output();
    private readonly Option<bool> _force = SharedOptions.Force();
    private readonly Option<bool> _json = SharedOptions.Json();

    /// <param name="command">gets these after its own</param>
    /// <param name="instead">that makes inputs needless</param>
    public void AddTo(Command command, Option? instead = null)
    {
        if (instead is not null)
            _files.Arity = ArgumentArity.ZeroOrMore;
        command.Add(_files);
        foreach (Option option in (Option[])[_with, _sites, _topology, _select, _columns, _frames, _every,
            _split, _skipBad, _threads, _memory, _output, _csv,
            _resume, _force, _json])
            command.Add(option);
        SharedOptions.KeepApart(command, _output, _json);
        SharedOptions.OneOf(command, _sites, _topology);
        command.Validators.Add(result =>
        {
            if (instead is not null && result.GetResult(instead) is null && result.GetResult(_files) is null or { Tokens.Count: 0 })
                result.AddError($"'{command.Name}' needs INPUT, the name of a file.");
            // A mistyped option would be a file; one of that name is ./--name.
            foreach (Token token in result.GetResult(_files)?.Tokens ?? [])
                if (token.Value.StartsWith('-') && token.Value != InputFiles.StandardInput)
                    result.AddError($"{Quote.Of(token.Value)} is not an option of '{command.Name}'.");
            if (result.GetResult(_resume) is not null && result.GetResult(_force) is not null)
                result.AddError("--resume goes on with an interrupted run, and --force starts anew: give one of them.");
            if (result.GetResult(_resume) is not null && result.GetResult(_output) is null && result.GetResult(_csv) is null)
                result.AddError("--resume goes on with a file: give --output or --csv, as in the interrupted run.");
        });
    }

    public AnalysisOptions Of(ParseResult parsed, StructureMethod method)
    {
        FrameRange range = parsed.GetValue(_frames) ?? FrameRange.All;
        return new()
        {
            Files = InputFiles.Expand(parsed.GetValue(_files) ?? []),
            Frames = parsed.GetResult(_every) is null ? range : range.Every(parsed.GetValue(_every)),
            Method = method,
            Analyses = parsed.GetValue(_with) ?? [],
            Memory = AnalysisCatalog.MemoryOf(parsed.GetValue(_with) ?? []),
            Sites = parsed.GetValue(_sites) ?? [],
            Topology = parsed.GetValue(_topology),
            Select = parsed.GetValue(_select),
            Columns = parsed.GetValue(_columns) ?? [],
            Split = parsed.GetValue(_split),
            SkipBad = parsed.GetValue(_skipBad),
            IsResumable = parsed.GetValue(_resume),
            Resume = parsed.GetValue(_resume),
            Csv = parsed.GetValue(_csv),
            Threads = parsed.GetResult(_threads) is null ? null : parsed.GetValue(_threads),
            MemoryLimit = parsed.GetValue(_memory),
            Output = parsed.GetValue(_output),
            Force = parsed.GetValue(_force),
            Json = parsed.GetValue(_json),
        };
    }
}
