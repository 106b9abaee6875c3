using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Denoise.InSitu.Native;

/// <summary>The last failure of each thread, kept where C can read it: what <c>dn_last_error</c> points at.</summary>
internal static unsafe class ThreadError
{
    /// <summary>Bytes of a message, the closing 0 included; longer ones are cut at a character.</summary>
    private const int Capacity = 2048;

    private static readonly byte* Empty = (byte*)NativeMemory.AllocZeroed(1);

    [ThreadStatic]
    private static Buffer? _buffer;

    private static bool _isForked;

    /// <summary>UTF-8 ending in 0; never null.</summary>
    public static byte* Text => _isForked ? Forked : _buffer is { } buffer ? buffer.Bytes : Empty;

    // Literals lie in the library's file, and end in 0.
    private static byte* Forked => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(
        "this process was forked from one that had used the library, whose threads it lacks; use the library in one of the two, or "u8 +
        "start the other anew (exec; in Python the start method 'spawn')."u8));

    /// <summary>In a forked child every failure is the same. Allocates nothing: the collector would wait for threads that are not there.
    /// </summary>
    public static int SetForked()
    {
        _isForked = true;
        return Dn.DN_ERROR_FORK;
    }

    /// <summary>Keeps the failure of an exported function and returns its status. Does not throw.</summary>
    public static int Set(string function, Exception failure)
    {
        SessionException error = SessionException.From(failure);
        try
        {
            Write(function + ": ", error.Message);
        }
        catch (OutOfMemoryException)
        {
            // The status alone has to do.
        }

        return (int)error.Error;
    }

    private static void Write(string function, string message)
    {
        byte* bytes = (_buffer ??= new Buffer()).Bytes;
        Span<byte> target = new(bytes, Capacity - 1);
        Encoder encoder = Encoding.UTF8.GetEncoder();
        // An encoder stops before a character that no longer fits, so a cut message is still UTF-8.
        encoder.Convert(function, target, flush: false, out _, out int written, out _);
        encoder.Convert(message, target[written..], flush: false, out _, out int rest, out _);
        bytes[written + rest] = 0;
    }

    /// <summary>One thread's bytes, freed when the thread is gone.</summary>
    private sealed class Buffer
    {
        public readonly byte* Bytes = (byte*)NativeMemory.AllocZeroed(Capacity);

        ~Buffer() => NativeMemory.Free(Bytes);
    }
}
