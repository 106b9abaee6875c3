using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>Tells the user of each frame as it is done.</summary>
internal interface IFrameReport
{
    void Add(FrameSummary frame);

    /// <summary>A warning was printed, which is counted where the report is for programs.</summary>
    void CountWarning();

    /// <summary>A damaged frame was left out.</summary>
    void CountBad();

    /// <summary>After the last frame, also where the next one failed.</summary>
    void End();
}
