using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;

namespace Denoise.Structure.Analyses;

/// <summary>What analyses borrow for as long as they live.</summary>
/// <param name="Pool">threads</param>
/// <param name="Grid">to sort atoms with</param>
public sealed record AnalysisServices(WorkerPool Pool, CellGrid Grid);
