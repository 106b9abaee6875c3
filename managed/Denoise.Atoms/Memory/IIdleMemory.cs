namespace Denoise.Atoms.Memory;

/// <summary>Somebody who needs the content of his buffers only while he works, so that others may write there in between.</summary>
public interface IIdleMemory
{
    /// <summary>The buffers; valid until their owner works again, who then finds whatever was written.</summary>
    ReadOnlySpan<MemoryBlock> Lend();
}
