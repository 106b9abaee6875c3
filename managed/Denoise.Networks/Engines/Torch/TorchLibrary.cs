using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Denoise.Atoms;

namespace Denoise.Networks.Engines.Torch;

/// <summary>
/// <c>libdenoise_torch.so</c>, which knows libtorch: opened once per process, when the first TorchScript archive is. It lies in the folder
/// <c>torch</c> beside <c>bin</c> and <c>lib</c>, or where <c>DENOISE_TORCH</c> says.
/// </summary>
internal sealed unsafe class TorchLibrary
{
    private const int Interface = 1;
    private const string FileName = "libdenoise_torch.so";
    private const string FolderVariable = "DENOISE_TORCH";
    private const string LibtorchVariable = "DENOISE_LIBTORCH";

    private static readonly Lock Once = new();
    private static TorchLibrary? _instance;

    private readonly string _folder;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, int, nint> _open;
    private readonly delegate* unmanaged[Cdecl]<nint, TorchCall*, int> _forward;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _close;
    private readonly delegate* unmanaged[Cdecl]<byte*> _lastError;

    private TorchLibrary(string path)
    {
        _folder = Path.GetDirectoryName(path)!;
        nint library = NativeLibrary.Load(path);
        int found = ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "dnt_interface"))();
        if (found != Interface)
            throw new InputException($"engine torch: {path} has interface {found} and not {Interface}: it is of another version of this " +
                "program; install both from one.");
        _open = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, int, nint>)NativeLibrary.GetExport(library, "dnt_open");
        _forward = (delegate* unmanaged[Cdecl]<nint, TorchCall*, int>)NativeLibrary.GetExport(library, "dnt_forward");
        _close = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "dnt_close");
        _lastError = (delegate* unmanaged[Cdecl]<byte*>)NativeLibrary.GetExport(library, "dnt_last_error");
    }

    /// <exception cref="InputException">it is not there, or cannot be loaded: one sentence</exception>
    public static TorchLibrary Instance
    {
        get
        {
            lock (Once)
                return _instance ??= Find();
        }
    }

    private static ReadOnlySpan<byte> Anchor => "anchor"u8;

    /// <summary>Opens a module, whose code may run from here on.</summary>
    /// <param name="model">its file</param>
    /// <param name="device">cpu or cuda:N</param>
    /// <param name="threads">of libtorch</param>
    /// <exception cref="InputException">no libtorch, another version of it, or it cannot load the module: one sentence</exception>
    public nint Open(string model, string device, int threads)
    {
        string libtorch = Environment.GetEnvironmentVariable(LibtorchVariable) is { Length: > 0 } given
            ? given
            : throw new InputException($"engine torch: no libtorch is known; set {LibtorchVariable} to the folder torch/lib of a PyTorch " +
                "2.10 (docs/torch.md).");
        fixed (byte* shim = Bytes(_folder), folder = Bytes(libtorch), path = Bytes(model), on = Bytes(device))
            return _open(shim, folder, path, on, threads) is var handle and not 0
                ? handle
                : throw new InputException($"{model}: {LastError}");
    }

    /// <exception cref="InputException">the module failed: one sentence</exception>
    public void Forward(nint handle, TorchCall* call, string model)
    {
        if (_forward(handle, call) != 0)
            throw new InputException($"{model}: {LastError}");
    }

    public void Close(nint handle) => _close(handle);

    private string LastError => Marshal.PtrToStringUTF8((nint)_lastError()) ?? "libtorch failed.";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static TorchLibrary Find()
    {
        string? given = Environment.GetEnvironmentVariable(FolderVariable);
        string path = Path.Combine(string.IsNullOrEmpty(given) ? Beside() : given, FileName);
        if (!File.Exists(path))
            throw new InputException($"engine torch: there is no {path}; './build.sh build' makes it where the package TorchSharp can be " +
                $"had, and {FolderVariable} names the folder of one that is elsewhere.");
        try
        {
            return new(path);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new InputException($"engine torch: {path} cannot be loaded: {failure.Message.Split('\n')[0]}", failure);
        }
    }

    /// <summary>The folder <c>torch</c> beside the one of this program or library, which is not that of the host.</summary>
    private static string Beside()
    {
        string folder = AppContext.BaseDirectory;
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            DlInfo info;
            fixed (byte* here = Anchor)
                // Of a program the loader only knows how it was called.
                if (dladdr(here, &info) != 0 && Marshal.PtrToStringUTF8((nint)info.FileName) is { } file
                    && file.EndsWith(".so", StringComparison.Ordinal))
                    folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        }

        DirectoryInfo place = new(Path.TrimEndingDirectorySeparator(folder));
        // lib/glibc-hwcaps/x86-64-v4 holds a second one.
        if (place.Parent is { Name: "glibc-hwcaps", Parent: { } lib })
            place = lib;
        return Path.Combine(place.Parent?.FullName ?? "/", "torch");
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int dladdr(void* address, DlInfo* info);

    [StructLayout(LayoutKind.Sequential)]
    private struct DlInfo
    {
        public byte* FileName;
        public void* Base;
        public byte* SymbolName;
        public void* SymbolAddress;
    }
}
