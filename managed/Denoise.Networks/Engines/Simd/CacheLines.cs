using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Denoise.Networks.Engines.Simd;

/// <summary>Memory that will be read soon, brought into the first-level cache meanwhile. Any address may be named.</summary>
internal static unsafe class CacheLines
{
    private const int Bytes = 64;

    /// <param name="first">of the elements</param>
    /// <param name="count">of them</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(T* first, int count)
        where T : unmanaged
    {
        if (Sse.IsSupported)
            for (byte* line = (byte*)first, end = (byte*)(first + count); line < end; line += Bytes)
                Sse.Prefetch0(line);
    }
}
