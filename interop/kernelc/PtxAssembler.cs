using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Denoise.KernelCompiler;

/// <summary>
/// NVIDIA's assembler, where it can be had (ptxas on PATH, or what PTXAS names): tells whether the driver will take a kernel, and whether
/// its registers spill into memory.
/// </summary>
internal sealed partial class PtxAssembler
{
    private const string Architecture = "sm_90";

    private readonly string _path;

    private PtxAssembler(string path) => _path = path;

    public static PtxAssembler? Find()
    {
        string? named = Environment.GetEnvironmentVariable("PTXAS");
        IEnumerable<string> places =
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "ptxas"));
        string? path = named ?? places.FirstOrDefault(File.Exists);
        return path is null ? null : new(path);
    }

    /// <summary>What is wrong with a kernel, or null; and its registers.</summary>
    public string? Check(string file, out string resources)
    {
        var start = new ProcessStartInfo(_path, ["-v", $"-arch={Architecture}", file, "-o", "/dev/null"]) { RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{_path} does not start");
        string report = process.StandardError.ReadToEnd();
        process.WaitForExit();
        resources = Registers().Match(report).Value;
        if (process.ExitCode != 0)
            return report.Trim();
        return Spills().Matches(report).Any(match => match.Groups[1].Value != "0") ? $"its registers spill: {report.Trim()}" : null;
    }

    [GeneratedRegex(@"Used \d+ registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes spill")]
    private static partial Regex Spills();
}
