using System.Diagnostics;
using Denoise.Parallel.RankProgram;

namespace Denoise.Parallel.Tests;

/// <summary>Starts the rank program under a launcher of this machine.</summary>
internal static class MpiRun
{
    // Only a hang takes so long, also on a machine with much else to do.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Open MPI's mpirun, or null. As root and with more processes than cores, as a test container has it.</summary>
    public static string? OpenMpi { get; } = Find("mpirun.openmpi", "orterun", "prterun");

    /// <summary>MPICH's mpiexec, or null.</summary>
    public static string? Mpich { get; } = Find("mpiexec.hydra", "mpiexec.mpich");

    public static (int ExitCode, string Output, string Error) Start(
        string launcher, int ranks, string check, params (string Name, string Value)[] environment)
    {
        string program = typeof(DecompositionChecks).Assembly.Location;
        ProcessStartInfo info = new(launcher) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (launcher == OpenMpi)
            foreach (string option in (string[])["--allow-run-as-root", "--oversubscribe"])
                info.ArgumentList.Add(option);
        foreach (string argument in (string[])["-n", $"{ranks}", "dotnet", "exec", program, check])
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            info.Environment[name] = value;

        using Process process = Process.Start(info)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Path.GetFileName(launcher)} -n {ranks} {check} hangs");
        }

        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    private static string? Find(params string[] names) =>
        names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
