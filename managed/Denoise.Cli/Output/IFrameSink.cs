namespace Denoise.Cli.Output;

/// <summary>Takes frames in their order: a file, a table, another process.</summary>
internal interface IFrameSink : IDisposable
{
    void Write(FinishedFrame frame);

    /// <summary>After the last frame.</summary>
    void Complete();
}
