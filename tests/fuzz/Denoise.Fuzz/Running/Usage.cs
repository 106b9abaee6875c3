using System.Globalization;
using System.Runtime.InteropServices;

namespace Denoise.Fuzz.Running;

/// <summary>Processor time and memory of this process, by getrusage and setrlimit, and its end (Linux, 64 bit).</summary>
internal static unsafe partial class Usage
{
    private const int LimitOfData = 2;
    private const int SetParentDeathSignal = 1;
    private const int SignalKill = 9;

    /// <summary>Processor seconds so far, and the most memory that was resident at any time, in bytes.</summary>
    public static (double Seconds, long PeakBytes) Now()
    {
        // struct rusage: two struct timeval, then ru_maxrss in KiB.
        long* usage = stackalloc long[18];
        _ = getrusage(0, usage);
        return (usage[0] + usage[2] + (usage[1] + usage[3]) * 1e-6, usage[4] * 1024);
    }

    /// <summary>From now on this process can get so many bytes more: beyond them allocations fail.</summary>
    public static void LimitGrowth(long bytes)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmData:", StringComparison.Ordinal));
        ulong now = ulong.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        ulong* limit = stackalloc ulong[2];
        limit[0] = limit[1] = now + (ulong)bytes;
        _ = setrlimit(LimitOfData, limit);
    }

    /// <summary>Ends this process when the one that started it is gone, however it went.</summary>
    public static void EndWithParent() => _ = prctl(SetParentDeathSignal, SignalKill);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nint argument);

    [LibraryImport("libc")]
    private static partial int getrusage(int who, long* usage);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, ulong* limit);
}
