using Denoise.Atoms;

namespace Denoise.Structure.Analyses;

/// <summary>A value per atom. A vector is several columns, <c>name[1]</c>, <c>name[2]</c>, ...</summary>
/// <param name="Name">in lower case with underscores: what dumps, expressions and the fix's list call it</param>
/// <param name="Kind">integer or real</param>
/// <param name="OvitoName">
/// OVITO's standard property, without blanks, where there is one; components with a dot: <c>Orientation.X</c>
/// </param>
public sealed record AnalysisColumn(string Name, ColumnKind Kind, string? OvitoName = null);
