namespace Denoise.Atoms.Files;

/// <summary>A file that gets its name when it is complete.</summary>
public interface IUnfinished : IDisposable
{
    /// <summary>Where its bytes go. Unbuffered.</summary>
    Stream Stream { get; }

    /// <summary>Writes over the file's first bytes.</summary>
    void Overwrite(ReadOnlySpan<byte> head);

    /// <summary>Gives the file its name, once all is on disk.</summary>
    void Complete();
}
