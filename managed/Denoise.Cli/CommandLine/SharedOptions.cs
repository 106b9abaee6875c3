using System.CommandLine;

namespace Denoise.Cli.CommandLine;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Argument<string> Input() => new("INPUT")
    {
        Description = "LAMMPS dump (text or binary) or data file, extended XYZ, POSCAR, XDATCAR or CIF, also .gz or .zst; the format "
            + "follows from the content.",
    };

    public static Option<int> Threads() => new("--threads", "-t")
    {
        HelpName = "T",
        Description = "Threads per process [default: all processors, or 1 under mpirun].",
        CustomParser = OptionParsers.PositiveInteger,
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
        Description = "Write the frames with a column structure_type: .dump, .lammpstrj, .xyz or .extxyz, also followed by .gz. "
            + "The file appears when it is complete.",
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print JSON instead of a table.",
    };
}
