namespace Denoise.Atoms.Memory;

/// <summary>A piece of native memory.</summary>
/// <param name="Start">address of the first byte</param>
/// <param name="Bytes">that belong to it</param>
public readonly record struct MemoryBlock(nint Start, long Bytes);
