using Denoise.Atoms;

namespace Denoise.Structure.Analyses;

/// <summary>A number of the whole frame, equal on all ranks.</summary>
/// <param name="Name">in lower case with underscores</param>
/// <param name="Kind">integer or real</param>
public sealed record AnalysisGlobal(string Name, ColumnKind Kind);
