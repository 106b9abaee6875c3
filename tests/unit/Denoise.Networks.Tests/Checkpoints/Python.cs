using System.Diagnostics;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>Runs Python scripts against the PyTorch of this machine.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Interpreter = new(() => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasTorch));

    public static bool HasPyTorch => Interpreter.Value is not null;

    /// <summary>The script's standard output; its standard error is in the failure's message.</summary>
    public static string Run(string script, params string[] arguments)
    {
        (int status, string output, string error) = Start(Interpreter.Value!, ["-c", script, .. arguments]);
        Assert.True(status == 0, $"python ended with {status}: {error}");
        return output;
    }

    private static bool HasTorch(string interpreter)
    {
        try
        {
            return Start(interpreter, ["-c", "import sys, importlib.util as u; sys.exit(u.find_spec('torch') is None)"]).Status == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Status, string Output, string Error) Start(string interpreter, IEnumerable<string> arguments)
    {
        ProcessStartInfo info = new(interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(info)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
