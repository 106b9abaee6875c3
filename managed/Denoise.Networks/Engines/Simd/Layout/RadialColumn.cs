namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>A column of the radial table: an output of the radial network times a factor; factor 0 is padding.</summary>
/// <param name="Output">index among the network's outputs</param>
/// <param name="Factor">what the kernels' algebra leaves to the weight</param>
internal readonly record struct RadialColumn(int Output, double Factor);
