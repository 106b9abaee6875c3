using System.Runtime.CompilerServices;

namespace Denoise.InSitu.Native;

/// <summary>
/// Structs of callers that were compiled against an older or a newer header: the first field is their sizeof, the fields that
/// both know are copied, the rest is 0, which means "default".
/// </summary>
internal static unsafe class Structs
{
    /// <summary>What a caller hands in. Fields that only it knows must be 0: something would be asked for in vain.</summary>
    public static T Read<T>(void* source, string parameter)
        where T : unmanaged
    {
        T copy = Peek<T>(source, parameter);
        nuint size = Unsafe.ReadUnaligned<nuint>(source);
        for (nuint at = (nuint)sizeof(T); at < size; at++)
            if (((byte*)source)[at] != 0)
                throw new SessionException(SessionError.Argument,
                    $"{parameter}: byte {at} is set, but this library knows only the first {sizeof(T)}: it is older than the " +
                    "header of the caller, who asks for something that it does not have.");
        return copy;
    }

    /// <summary>The fields that both know, whatever else is there.</summary>
    public static T Peek<T>(void* source, string parameter)
        where T : unmanaged
    {
        T copy = default;
        Unsafe.CopyBlockUnaligned(&copy, source, KnownSize<T>(source, parameter));
        return copy;
    }

    /// <summary>Writes the fields that the caller knows; its struct_size stays.</summary>
    public static void Write<T>(void* target, T value, string parameter)
        where T : unmanaged
    {
        uint size = KnownSize<T>(target, parameter);
        uint first = (uint)sizeof(nuint);
        Unsafe.CopyBlockUnaligned((byte*)target + first, (byte*)&value + first, size - first);
    }

    private static uint KnownSize<T>(void* pointer, string parameter)
        where T : unmanaged
    {
        if (pointer == null)
            throw new SessionException(SessionError.Argument, $"{parameter}: is NULL.");
        nuint size = Unsafe.ReadUnaligned<nuint>(pointer);
        if (size < (nuint)sizeof(nuint) || size > MaximumSize || size % (nuint)sizeof(nuint) != 0)
            throw new SessionException(
                SessionError.Argument, $"{parameter}: struct_size is {size}; set it to the sizeof of the struct before the call.");
        return (uint)Math.Min(size, (nuint)sizeof(T));
    }

    /// <summary>
    /// No struct of any version comes near this: a larger number is memory that nobody set. All of them hold pointers, so their sizes
    /// are multiples of one; another number would cut a pointer in two.
    /// </summary>
    private const uint MaximumSize = 65536;
}
