using System.Diagnostics;

namespace Denoise.Parallel.Tests;

/// <summary>A library with the ABI of the MPI 5.0 standard, compiled from standard_abi.c; no Debian package has one yet.</summary>
internal static class StandardAbiLibrary
{
    /// <summary>Path of the library, or null where there is no C compiler.</summary>
    public static string? Path { get; } = Build();

    private static string? Build()
    {
        string source = System.IO.Path.Combine(AppContext.BaseDirectory, "standard_abi.c");
        string library = System.IO.Path.Combine(AppContext.BaseDirectory, "libmpi_abi.so.1");
        try
        {
            string[] options = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", library, source, "-ldl"];
            using Process compiler = Process.Start("cc", options);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? library : throw new InvalidOperationException($"{source} does not compile");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
