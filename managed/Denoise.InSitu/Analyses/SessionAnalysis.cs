using Denoise.Structure.Analyses;

namespace Denoise.InSitu.Analyses;

/// <summary>An analysis with what it found in the last frame.</summary>
internal sealed class SessionAnalysis : IDisposable
{
    /// <param name="analysis">owned from here on</param>
    /// <param name="isOfRaw">whether it is of the positions before denoising</param>
    /// <param name="suffix">of its names, where they would otherwise not be unique</param>
    /// <param name="ovitoNames">of OVITO's properties, those that are taken already</param>
    public SessionAnalysis(IAnalysis analysis, bool isOfRaw, string suffix, HashSet<string> ovitoNames)
    {
        (Analysis, IsOfRaw, Output) = (analysis, isOfRaw, new(analysis));
        Columns = [.. analysis.Columns.Select(column => new ResultColumn(column, suffix, ovitoNames))];
        Globals = [.. analysis.Globals.Select(global => new ResultGlobal(global, suffix))];
    }

    public IAnalysis Analysis { get; }

    public bool IsOfRaw { get; }

    /// <summary>In the order of the particles.</summary>
    public AnalysisOutput Output { get; }

    /// <summary>In the rows of the frame.</summary>
    public ResultColumn[] Columns { get; }

    public ResultGlobal[] Globals { get; }

    public void Dispose()
    {
        Analysis.Dispose();
        Output.Dispose();
        foreach (ResultColumn column in Columns)
            column.Rows.Dispose();
    }
}
