using System.Runtime.InteropServices;

namespace Denoise.Parallel;

/// <summary>Short sleeps of those who ask again and again: .NET's are whole milliseconds.</summary>
public static partial class Nap
{
    public static void For(TimeSpan time) => _ = Sleep((uint)Math.Clamp(time.TotalMicroseconds, 1, 999_999));

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Sleep(uint microseconds);
}
