namespace Denoise.Atoms.Memory;

/// <summary>
/// A piece of native memory, without what its owner keeps there: what is lent to somebody who needs room while the owner does not.
/// </summary>
/// <param name="Start">address of the first byte</param>
/// <param name="Bytes">that belong to it</param>
public readonly record struct MemoryBlock(nint Start, long Bytes)
{
    /// <summary>Elements <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> of another type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">the block is shorter</exception>
    public unsafe T* As<T>(long first, long count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Bytes / sizeof(T) - first);
        return (T*)Start + first;
    }
}
