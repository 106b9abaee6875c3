using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Denoise.InSitu.Native;

/// <summary>
/// A call of the host, from its first to its last managed instruction: meanwhile the signal handlers and the floating-point
/// environment are the runtime's, before and after it the host's. See host_state.c.
/// </summary>
internal ref partial struct HostCall
{
    private FloatingPointEnvironment _environment;

    /// <summary>False: this process is a fork of the one that started the library, and nothing may be called.</summary>
    public bool Enter() => IsInManagedProcess || EnterNative(ref _environment) != 0;

    public void Leave()
    {
        if (!IsInManagedProcess)
            LeaveNative(in _environment);
    }

    /// <summary>Not compiled ahead of time, as in the fuzzers: the runtime was there first, and host_state.c is not.</summary>
    private static bool IsInManagedProcess => RuntimeFeature.IsDynamicCodeSupported;

    [LibraryImport("host_state", EntryPoint = "dn_host_enter")]
    private static partial int EnterNative(ref FloatingPointEnvironment environment);

    [LibraryImport("host_state", EntryPoint = "dn_host_leave")]
    private static partial void LeaveNative(in FloatingPointEnvironment environment);

    /// <summary>Room for fenv_t of the C library: 32 bytes on x86-64.</summary>
    [InlineArray(64)]
    private struct FloatingPointEnvironment
    {
        private byte _first;
    }
}
