using System.Globalization;
using System.Runtime.InteropServices;

namespace Denoise.Benchmarks;

/// <summary>What the figures were measured on, and how busy it was.</summary>
internal static class MachineInfo
{
    public static string Processor => Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>Processes that wanted to run in the last minute; above the number of cores, wall times say little.</summary>
    public static double Load
    {
        get
        {
            try
            {
                return double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return double.NaN;
            }
        }
    }

    private static string? Field(string path, string name)
    {
        if (!File.Exists(path))
            return null;
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }
}
