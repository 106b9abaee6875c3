namespace Denoise.Networks.Checkpoints;

/// <summary>One row of the table of layers.</summary>
/// <param name="Name">1, 2, ... or <c>out</c></param>
/// <param name="Input">irreps that come in</param>
/// <param name="Output">irreps that go out</param>
/// <param name="Paths">paths of the convolution; 0 for the readout</param>
/// <param name="RadialWeights">weights per edge that the radial network makes</param>
/// <param name="Parameters">trainable numbers</param>
public sealed record LayerSummary(string Name, string Input, string Output, int Paths, int RadialWeights, long Parameters);
