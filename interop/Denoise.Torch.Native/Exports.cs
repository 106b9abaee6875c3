using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Denoise.InSitu.Native;
using Denoise.Networks.Engines.Torch;

namespace Denoise.Torch.Native;

/// <summary>
/// The functions that Denoise.Networks finds in this library by name (its <c>TorchLibrary</c> has the other side). Texts are UTF-8 and
/// end with 0. What goes wrong is a null handle or a code that is not 0, and <see cref="LastError"/> of the same thread.
/// </summary>
internal static unsafe class Exports
{
    /// <summary>Counts up when anything here changes: both sides come from one build.</summary>
    private const int Interface = 1;

    // Native memory, because it outlives any object of this runtime.
    [ThreadStatic]
    private static byte* _error;

    [UnmanagedCallersOnly(EntryPoint = "dnt_interface", CallConvs = [typeof(CallConvCdecl)])]
    public static int InterfaceVersion() => Interface;

    [UnmanagedCallersOnly(EntryPoint = "dnt_open", CallConvs = [typeof(CallConvCdecl)])]
    public static nint Open(byte* shim, byte* libtorch, byte* model, byte* device, int threads)
    {
        HostCall host = default;
        if (!host.Enter())
            return 0;
        try
        {
            Libtorch.Load(Text(shim), Text(libtorch));
            return GCHandle.ToIntPtr(GCHandle.Alloc(new TorchModule(Text(model), Text(device), threads)));
        }
        catch (Exception failure)
        {
            Remember(failure);
            return 0;
        }
        finally
        {
            host.Leave();
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "dnt_forward", CallConvs = [typeof(CallConvCdecl)])]
    public static int Forward(nint handle, TorchCall* call)
    {
        HostCall host = default;
        if (!host.Enter())
            return 1;
        try
        {
            ((TorchModule)GCHandle.FromIntPtr(handle).Target!).Forward(*call);
            return 0;
        }
        catch (Exception failure)
        {
            Remember(failure);
            return 1;
        }
        finally
        {
            host.Leave();
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "dnt_close", CallConvs = [typeof(CallConvCdecl)])]
    public static void Close(nint handle)
    {
        HostCall host = default;
        if (!host.Enter())
            return;
        try
        {
            GCHandle owner = GCHandle.FromIntPtr(handle);
            ((TorchModule)owner.Target!).Dispose();
            owner.Free();
        }
        catch (Exception failure)
        {
            Remember(failure);
        }
        finally
        {
            host.Leave();
        }
    }

    /// <summary>Valid until this thread's next failure.</summary>
    [UnmanagedCallersOnly(EntryPoint = "dnt_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* LastError() => _error;

    private static void Remember(Exception failure)
    {
        Marshal.FreeCoTaskMem((nint)_error);
        _error = (byte*)Marshal.StringToCoTaskMemUTF8(failure is TypeInitializationException { InnerException: { } inner }
            ? inner.Message : failure.Message);
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}
