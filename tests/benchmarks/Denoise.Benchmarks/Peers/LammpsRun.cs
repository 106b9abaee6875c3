using System.Globalization;
using System.Text.RegularExpressions;

namespace Denoise.Benchmarks;

/// <summary>The timing that LAMMPS prints at the end of a run, and the lines of its thermodynamic output.</summary>
internal sealed partial class LammpsRun
{
    private readonly string _output;

    private LammpsRun(string output)
    {
        _output = output;
        Match loop = LoopLine().Match(output), processor = ProcessorLine().Match(output);
        if (!loop.Success || !processor.Success)
            throw new InvalidOperationException("LAMMPS printed no timing of its run");
        (LoopSeconds, Steps, Atoms) = (Number(loop, 1), (int)Number(loop, 2), (long)Number(loop, 3));
        ProcessorFraction = Number(processor, 1) / 100;
    }

    public double LoopSeconds { get; }

    public int Steps { get; }

    public long Atoms { get; }

    /// <summary>Of the wall time, what each process really ran.</summary>
    public double ProcessorFraction { get; }

    public double ProcessorSeconds => LoopSeconds * ProcessorFraction;

    /// <summary>Runs an input on so many ranks.</summary>
    /// <param name="program">lmp or lmp-denoise</param>
    /// <param name="input">text of the script</param>
    /// <param name="ranks">more than one: through mpirun</param>
    public static LammpsRun Of(string program, string input, int ranks = 1)
    {
        string path = Path.Combine(Path.GetTempPath(), $"denoise-bench-{Environment.ProcessId}.in");
        File.WriteAllText(path, input);
        try
        {
            string[] arguments = ["-in", path, "-log", "none"];
            return new(ranks == 1
                ? ExternalProgram.Run(program, arguments)
                : ExternalProgram.Run("mpirun", ["-np", ranks.ToString(CultureInfo.InvariantCulture), program, .. arguments]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Mean seconds of a section (Pair, Neigh, Comm, Output, Modify) over the ranks.</summary>
    public double Section(string name)
    {
        Match row = Regex.Match(_output, $@"^{name}\s*\|[^|]*\|\s*([0-9.e+-]+)", RegexOptions.Multiline);
        return row.Success ? Number(row, 1) : throw new InvalidOperationException($"LAMMPS printed no time of its section {name}");
    }

    /// <summary>Ghost atoms per rank, mean.</summary>
    public double Ghosts => Number(Regex.Match(_output, @"^Nghost:\s*([0-9.e+-]+)", RegexOptions.Multiline), 1);

    /// <summary>A column of the thermodynamic output whose lines start with a word of their own.</summary>
    public double[] Values(string word) =>
        [.. Regex.Matches(_output, $@"^{word} ([0-9.e+-]+)\s*$", RegexOptions.Multiline).Select(match => Number(match, 1))];

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Loop time of ([0-9.e+-]+) on \d+ procs for (\d+) steps with (\d+) atoms")]
    private static partial Regex LoopLine();

    [GeneratedRegex(@"([0-9.]+)% CPU use")]
    private static partial Regex ProcessorLine();
}
