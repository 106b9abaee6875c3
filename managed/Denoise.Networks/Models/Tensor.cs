namespace Denoise.Networks.Models;

/// <summary>A named block of numbers out of a checkpoint, row-major.</summary>
/// <param name="Name">its key in the state dict, e.g. <c>interactions.0.first.lin1.weight</c></param>
/// <param name="Shape">sizes, outermost first; empty for a scalar</param>
/// <param name="Values">product of <paramref name="Shape"/> values, single precision as stored</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, float[] Values);
