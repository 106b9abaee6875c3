using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Denoise.Atoms.Files;
using Denoise.Cli.Output;

namespace Denoise.Cli.CommandLine;

/// <summary>The program as a whole: its commands, and how it says that something is wrong.</summary>
internal static class DenoiseCommand
{
    private const string Description = """
        Removes the thermal noise from the atoms of a simulation with a score network and names the crystal structure of each.

        Reads LAMMPS dump and data files, extended XYZ, POSCAR, XDATCAR, CIF, GRO, PDB, XTC, DCD, NetCDF and DNZ, also compressed with
        gzip or zstd.
        Runs on several processes with "mpirun -n 4 denoise ...": the results are the same.
        """;

    private const string Examples = """
        Examples:
          denoise apply run.dump --model Cu.pt                     count the phases of every frame
          denoise apply run.dump --model Cu.pt -o clean.dump.gz    and write the frames for OVITO
          denoise classify run.dump                                without denoising
          denoise analyze run.dump --with coordination:cutoff=3.2  and much more
          denoise report run.dump --model Cu.pt -o report.html     charts and a 3-D view, in a browser
          denoise plot melt.csv                                    columns of a table, in the terminal, as SVG or PNG
          denoise compress run.dump -o run.dnz --bound 0.01        every coordinate within 0.01 Å
          denoise expand run.dnz -o back.dump                      and back, for other programs
          denoise info Cu.pt                                       what a model (or a trajectory) holds
          denoise train --prototypes fcc,bcc,hcp -o metals.pt      a model of one's own
          denoise evaluate field.pt test.xyz                       how good a model of forces is
          denoise reference --structures ice-Ih,ice-Ic --elements O -o two.ref     names for what was denoised
          denoise bench                                            is this machine as fast as it should be?
          denoise devices                                          which graphics cards can be used

        "denoise COMMAND --help" explains each.
        """;

    public static int Run(string[] arguments)
    {
        ParseResult parsed = Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            Fail(Sentences.OfUsage(parsed));
            StandardStreams.Error.WriteLine($"See '{CommandPath(parsed.CommandResult)} --help'.");
            return ExitCode.Usage;
        }

        try
        {
            // Not disposed after a failure: what it could not write it would try to write again.
            TextWriter output = StandardStreams.CreateOutput();
            int code = parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = StandardStreams.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
            output.Flush();
            return code;
        }
        catch (ClosedPipeException)
        {
            return ExitCode.Failed;
        }
        catch (Exception failure)
        {
            Fail(Sentences.OfFailure(failure));
            return ExitCode.Failed;
        }
    }

    internal static ParseResult Parse(string[] arguments)
    {
        RootCommand root = new(Description)
        {
            AnalyzeCommand.Create(),
            ApplyCommand.Create(),
            ClassifyCommand.Create(),
            ReportCommand.Create(),
            PlotCommand.Create(),
            CompressCommand.Create(),
            ExpandCommand.Create(),
            VerifyCommand.Create(),
            InfoCommand.Create(),
            DevicesCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            ReferenceCommand.Create(),
            BenchCommand.Create(),
        };
        foreach (Option option in root.Options)
        {
            if (option is VersionOption version)
                version.Action = new VersionAction();
            else if (option is HelpOption help)
                help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        HelpWithExamples.Set(root, Examples);
        // A file name may well begin with @; it does not mean a file of arguments here.
        return root.Parse(NamedByFolder(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <summary>What follows <c>--</c> is a file, even if it looks like an option: <c>./-x.dump</c> does not.</summary>
    private static string[] NamedByFolder(string[] arguments)
    {
        int end = Array.IndexOf(arguments, "--");
        return end < 0 ? arguments : [.. arguments.Select((word, k) => k > end && word is ['-', _, ..] ? $"./{word}" : word)];
    }

    internal static void Warn(string sentence) => StandardStreams.Error.WriteLine($"denoise: warning: {Sentences.Shortened(sentence)}");

    internal static void Fail(string sentence) => StandardStreams.Error.WriteLine($"denoise: {Sentences.Shortened(sentence)}");

    private static string CommandPath(CommandResult command) =>
        command.Command is RootCommand ? "denoise" : $"denoise {command.Command.Name}";
}
