using System.Globalization;

namespace Denoise.Benchmarks;

/// <summary>The command line of the benchmarks.</summary>
internal sealed record BenchmarkOptions
{
    public const string Help = """
        usage: ./build.sh bench [WORD] [--model FILE] [--json FILE] [--atoms N] [--seconds S] [--large] [--only SECTION,...]

          WORD        only benchmarks whose names contain it
          --model     measure the network in this file too, beside models/metals.pt; may be given several times
          --json      write the figures to FILE as well
          --atoms     atoms of the parts (100,000)
          --seconds   of measured runs per line (1)
          --large     sizes up to 10 million atoms; needs 6 GiB and some minutes
          --only      sections: machine, parts, threads, sizes, peers, analyses, in-situ, ranks,
                      communication, compression, start
        """;

    public static readonly string[] AllSections = ["machine", "parts", "threads", "sizes", "peers", "analyses", "in-situ", "ranks",
        "communication", "compression", "start"];

    public string Filter { get; private init; } = "";

    public string? JsonPath { get; private init; }

    /// <summary>Networks to measure; the first is our own.</summary>
    public IReadOnlyList<string> Models { get; private init; } = [ReferenceFolder.MetalsModel];

    public int Atoms { get; private init; } = 100_000;

    public double Seconds { get; private init; } = 1;

    public bool Large { get; private init; }

    public IReadOnlyList<string> Sections { get; private init; } = AllSections;

    public bool Selects(Part part) => part.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">a word that is no option, or a value that is missing or wrong</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        var options = new BenchmarkOptions();
        for (int k = 0; k < args.Length; k++)
        {
            string Value(string what) => ++k < args.Length ? args[k] : throw new ArgumentException($"{args[k - 1]} needs {what}.");
            options = args[k] switch
            {
                "--json" => options with { JsonPath = Value("a file") },
                "--model" => options with { Models = [.. options.Models, ExistingFile(Value("a file"))] },
                "--atoms" => options with { Atoms = (int)Number("--atoms", Value("a number"), 100, 1e8) },
                "--seconds" => options with { Seconds = Number("--seconds", Value("a number"), 0, 3600) },
                "--large" => options with { Large = true },
                "--only" => options with { Sections = SectionsOf(Value("names of sections")) },
                ['-', ..] => throw new ArgumentException($"{args[k]} is no option.\n{Help}"),
                _ => options with { Filter = args[k] },
            };
        }

        return options;
    }

    private static double Number(string option, string text, double low, double high) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high
            ? value
            : throw new ArgumentException($"{option}: '{text}' is not a number from {low} to {high}.");

    private static string ExistingFile(string path) =>
        File.Exists(path) ? path : throw new ArgumentException($"--model: there is no file {path}.");

    private static string[] SectionsOf(string text)
    {
        string[] sections = text.Split(',');
        string? unknown = sections.FirstOrDefault(section => !AllSections.Contains(section));
        return unknown is null ? sections
            : throw new ArgumentException($"--only: '{unknown}' is none of {string.Join(", ", AllSections)}.");
    }
}
