using System.CommandLine;

namespace Denoise.Cli.CommandLine;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<int> Threads() => new("--threads", "-t")
    {
        HelpName = "T",
        Description = "Threads per process [default: all processors, or 1 under mpirun].",
        CustomParser = OptionParsers.Threads,
    };

    public static Option<long> Memory() => new("--memory")
    {
        HelpName = "SIZE",
        Description = "Most memory that a frame may take in each process, such as 4G; looked at before it is taken [default: what the "
            + "machine and its limits leave].",
        CustomParser = OptionParsers.Memory,
    };

    public static Option<string> Output() => new("--output", "-o")
    {
        HelpName = "OUT",
        Description = "Write the frames, with structure types and displacements as columns: .dump, .lammpstrj, .xyz or .extxyz, also "
            + "followed by .gz or .zst; - is standard output, as a dump. The file appears when it is complete, in the place of "
            + "earlier results under that name; never in that of an input.",
        CustomParser = OptionParsers.OutputFile,
    };

    public static Option<bool> Force() => new("--force")
    {
        Description = "Let OUT replace any other file, too.",
    };

    public static Option<string[]> Sites() => new("--sites")
    {
        HelpName = "S1,S2,...",
        Description = "What the atoms of a file without types are, such as O,H,H,NULL over and over; NULL is not seen.",
        CustomParser = OptionParsers.Sites,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string> Topology() => new("--topology")
    {
        HelpName = "FILE",
        Description = "What the atoms of a file without types are: a file of the same atoms that says it, such as GRO, PDB or LAMMPS data; "
            + "sites without an element are not seen.",
        CustomParser = OptionParsers.FileName,
    };

    /// <summary>Both say what the atoms of a file are.</summary>
    public static void OneOf(Command command, Option<string[]> sites, Option<string> topology) => command.Validators.Add(result =>
    {
        if (result.GetResult(sites) is not null && result.GetResult(topology) is not null)
            result.AddError("--sites and --topology both say what the atoms are: give one of them.");
    });

    /// <summary>Frames and JSON cannot share standard output; a table gives way.</summary>
    public static void KeepApart(Command command, Option<string> output, Option<bool> json) => command.Validators.Add(result =>
    {
        // Their words, not their values: where an option was given twice, or wrongly, to ask for its value is an exception.
        bool isJson = result.GetResult(json) is { Tokens: [] or [{ Value: "true" }] };
        if (isJson && result.GetResult(output) is { Tokens: [{ Value: var name }] } && OptionParsers.IsStandardOutput(name))
            result.AddError("--json and --output would both write to standard output; give --output a file.");
    });

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print JSON instead of a table.",
    };
}
