using System.Runtime.InteropServices;
using TorchSharp;

namespace Denoise.Torch.Native;

/// <summary>
/// Loads a libtorch from a folder, once per process, in the order in which its libraries need each other: by full paths, because what
/// the loader would find by itself is another libtorch or none.
/// </summary>
internal static class Libtorch
{
    /// <summary>That TorchSharp's shim was compiled for: its functions are C++, so no other fits.</summary>
    private const string Version = "2.10";

    private const string Shim = "libLibTorchSharp.so";

    private static readonly Lock Once = new();
    private static string? _loaded;
    private static nint _shim;

    /// <param name="shimFolder">where TorchSharp's shim lies</param>
    /// <param name="folder">a libtorch's: <c>torch/lib</c> of a PyTorch</param>
    /// <exception cref="InvalidOperationException">it is not there, or of another version: one sentence</exception>
    public static void Load(string shimFolder, string folder)
    {
        lock (Once)
        {
            if (_loaded is not null)
            {
                if (_loaded != folder)
                    throw new InvalidOperationException($"this process has loaded the libtorch in '{_loaded}', and cannot load that " +
                        $"in '{folder}', too; use one.");
                return;
            }

            if (!File.Exists(Path.Combine(folder, "libtorch_cpu.so")))
                throw new InvalidOperationException($"there is no libtorch_cpu.so in '{folder}'; set DENOISE_LIBTORCH to the folder " +
                    $"torch/lib of a PyTorch {Version}.");
            if (ForeignVersion(folder) is { } version)
                throw Unfit(folder, $"is of PyTorch {version}");
            try
            {
                foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"])
                    if (Path.Combine(folder, name) is var path && (name is "libc10.so" or "libtorch.so" || File.Exists(path)))
                        NativeLibrary.Load(path);
            }
            catch (DllNotFoundException failure)
            {
                throw new InvalidOperationException($"the libtorch in '{folder}' cannot be loaded ({FirstLine(failure)}); install that " +
                    $"PyTorch {Version} whole, or set DENOISE_LIBTORCH to another.");
            }

            try
            {
                _shim = NativeLibrary.Load(Path.Combine(shimFolder, Shim));
            }
            catch (DllNotFoundException failure)
            {
                throw Unfit(folder, $"does not fit ({FirstLine(failure)})");
            }

            NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => name == "LibTorchSharp" ? _shim : 0);
            _loaded = folder;
        }
    }

    /// <summary>What a PyTorch around the folder says it is, where that is another than <see cref="Version"/>; null: not told.</summary>
    private static string? ForeignVersion(string folder)
    {
        string file = Path.Combine(folder, "..", "version.py");
        if (!File.Exists(file))
            return null;
        string? line = File.ReadLines(file).Take(100)
            .FirstOrDefault(text => text.StartsWith("__version__", StringComparison.Ordinal));
        string? version = line?.Split('\'', '"').ElementAtOrDefault(1);
        return version is null || version.StartsWith(Version + ".", StringComparison.Ordinal) ? null : version;
    }

    private static InvalidOperationException Unfit(string folder, string what) => new($"the libtorch in '{folder}' {what}, and this " +
        $"library needs {Version}; set DENOISE_LIBTORCH to the folder torch/lib of a PyTorch {Version}.");

    /// <summary>The loader's own words: a name and what is wrong with it.</summary>
    private static string FirstLine(Exception failure) =>
        failure.Message.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains(": ", StringComparison.Ordinal))
            ?? failure.Message.Split('\n')[0];
}
