using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Denoise.Cli;

/// <summary>
/// Hands over to the build of this program for AVX-512, where there is one and the processor has it. A program that is compiled
/// ahead of time has one vector width, so there are two: <c>bin/denoise</c> for every processor and <c>libexec/denoise-avx512</c>.
/// The switch is an execve before anything else happens: same process, same arguments, same MPI rank.
/// </summary>
internal static unsafe partial class WideVectors
{
    /// <summary>Set to 256: stay with the AVX2 build.</summary>
    public const string SwitchVariable = "DENOISE_SIMD";

    private const string WideProgram = "../libexec/denoise-avx512";

    // What x86-64-v4 needs, as Linux spells it. It lists a feature only if the kernel has enabled it.
    private static readonly string[] Needed = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

    /// <summary>Returns if this is the right build already, or the only one.</summary>
    public static void SwitchIfBetter(string[] arguments)
    {
        if (Avx512F.IsSupported || Environment.GetEnvironmentVariable(SwitchVariable) == "256")
            return;
        if (Path.GetDirectoryName(Environment.ProcessPath) is not { } folder)
            return;
        string program = Path.GetFullPath(Path.Combine(folder, WideProgram));
        if (program == Environment.ProcessPath || !File.Exists(program) || !ProcessorHasAll(FirstProcessor()))
            return;

        // If this returns, the other file could not be started, and this build does the work.
        Execute(program, arguments);
    }

    /// <param name="cpuinfo">the beginning of /proc/cpuinfo</param>
    internal static bool ProcessorHasAll(string cpuinfo)
    {
        foreach (string line in cpuinfo.Split('\n'))
            if (line.StartsWith("flags", StringComparison.Ordinal))
            {
                string[] flags = line.Split(' ', '\t');
                return Array.TrueForAll(Needed, flag => Array.IndexOf(flags, flag) >= 0);
            }

        return false;
    }

    private static string FirstProcessor()
    {
        try
        {
            // The kernel makes this file as it is read: the first few kB cost 50 µs, all of it milliseconds on a large node.
            using FileStream file = new("/proc/cpuinfo", FileMode.Open, FileAccess.Read, FileShare.Read, 0);
            Span<byte> head = stackalloc byte[8192];
            int length = file.ReadAtLeast(head, 4096, throwOnEndOfStream: false);
            return Encoding.ASCII.GetString(head[..length]);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Execute(string program, string[] arguments)
    {
        byte*[] pointers = new byte*[arguments.Length + 2];
        pointers[0] = (byte*)Marshal.StringToCoTaskMemUTF8("denoise");
        for (int i = 0; i < arguments.Length; i++)
            pointers[i + 1] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        fixed (byte** argv = pointers)
            ExecV(program, argv);
    }

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ExecV(string path, byte** argv);
}
