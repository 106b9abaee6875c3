using System.Security.Cryptography;
using System.Text;

namespace Denoise.Fuzz.Running;

/// <summary>
/// Inputs that must not do what they do: <c>build/fuzz/findings/TARGET/KIND-CAUSE/</c> holds a few of each cause and a report with
/// the command that shows it again.
/// </summary>
internal static class Findings
{
    /// <summary>Inputs kept of one cause; those of hangs, whose causes cannot be told apart, are all the same cause.</summary>
    private const int MostInputs = 8;

    private const int LongestShown = 6000;

    private const string Report = "report.txt";

    public static void Keep(string target, Verdict verdict, ReadOnlySpan<byte> input)
    {
        string folder = Path.Combine(Folder(target), $"{verdict.Kind}-{Name(Encoding.UTF8.GetBytes(verdict.Cause))}");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, Name(input)), report = Path.Combine(folder, Report);
        if (File.Exists(file) || Directory.GetFiles(folder).Length > MostInputs)
        {
            File.SetLastWriteTimeUtc(report, DateTime.UtcNow);
            return;
        }

        File.WriteAllBytes(file, input);
        File.AppendAllText(report, $"""
            ./build.sh fuzz replay {target} {Path.GetRelativePath(Folders.Repository, file)}
            {verdict.Kind} {verdict.Cause}
            {verdict.Text}


            """);
    }

    /// <summary>Reports on the causes that were met since then.</summary>
    public static IReadOnlyList<string> Reports(string target, DateTime since) => Directory.Exists(Folder(target))
        ? [.. Directory.GetFiles(Folder(target), Report, SearchOption.AllDirectories)
            .Where(report => File.GetLastWriteTimeUtc(report) >= since)]
        : [];

    /// <summary>The first input of a report with the cause, and the input itself, which may be on a machine that nobody reaches.</summary>
    public static string Show(string report)
    {
        string[] lines = File.ReadAllLines(report);
        string input = Path.Combine(Folders.Repository, lines[0][(lines[0].LastIndexOf(' ') + 1)..]);
        byte[] content = File.ReadAllBytes(input);
        string shown = content.Length <= LongestShown ? $"\n  input, base64: {Convert.ToBase64String(content)}" : "";
        return $"{lines[0]}\n  {lines[1]}{shown}";
    }

    /// <summary>A file name that follows from the content.</summary>
    public static string Name(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));

    private static string Folder(string target) => Path.Combine(Folders.Findings, target);
}
