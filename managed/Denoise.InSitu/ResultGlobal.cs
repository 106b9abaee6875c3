using Denoise.Atoms;
using Denoise.InSitu.Analyses;
using Denoise.Structure.Analyses;

namespace Denoise.InSitu;

/// <summary>A number that an analysis found for the whole frame, equal on all ranks.</summary>
public sealed class ResultGlobal
{
    internal ResultGlobal(AnalysisGlobal global, string suffix) =>
        (Name, Kind) = (AnalysisNames.WithSuffix(global.Name, suffix), global.Kind);

    /// <summary>Unique among the globals of a session.</summary>
    public string Name { get; }

    /// <summary>Integer or real.</summary>
    public ColumnKind Kind { get; }

    public double Value { get; internal set; }
}
