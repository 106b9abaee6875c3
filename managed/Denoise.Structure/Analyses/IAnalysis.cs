namespace Denoise.Structure.Analyses;

/// <summary>
/// Something that is computed of the atoms of a frame: values per atom, and numbers of the whole frame. Made once, from the text of
/// the user (<see cref="AnalysisCatalog"/>), and reused from frame to frame without allocation; one call at a time.
/// </summary>
public interface IAnalysis : IDisposable
{
    /// <summary>What it computes for every owned atom. Fixed.</summary>
    IReadOnlyList<AnalysisColumn> Columns { get; }

    /// <summary>What it computes of the frame. Fixed.</summary>
    IReadOnlyList<AnalysisGlobal> Globals { get; }

    /// <summary>
    /// Distance in Å around owned atoms within which it needs all others; 0: those among the nearest neighbors that
    /// <see cref="AnalysisContext.NearestRange"/> admits are enough.
    /// </summary>
    double Cutoff { get; }

    /// <summary>Most values of eight bytes per atom that it exchanges at a time through the halo of the context.</summary>
    int ExchangeWidth => 0;

    /// <summary>Which frames before it it must have seen.</summary>
    FrameMemory Memory => FrameMemory.None;

    /// <summary>
    /// What the user should know of the last frame, a sentence that begins with the analysis's name and is the same on all ranks; null:
    /// nothing. For what makes the numbers mean something else than they seem to, but is no error.
    /// </summary>
    string? Warning => null;

    /// <summary>
    /// Fills the columns of the owned atoms and the globals. Collective: every rank comes through the same calls of the context in
    /// the same order. Work that may fail is done in <see cref="AnalysisContext.Attempt"/>, so that all ranks fail together.
    /// Columns are filled for all owned atoms; of those that are not selected nothing is counted, and their rows are not shown.
    /// No value may depend on the number of ranks or threads: reals are summed by <see cref="AnalysisContext.Sum"/>.
    /// </summary>
    void Run(AnalysisContext context);
}
