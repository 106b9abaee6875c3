using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>How structures are identified.</summary>
/// <param name="Kind">the method</param>
/// <param name="Cutoff">of common neighbor analysis with a fixed cutoff, in the file's unit of length; else 0</param>
internal sealed record StructureMethod(Classification Kind, double Cutoff)
{
    public static StructureMethod Adaptive { get; } = new(Classification.AdaptiveCommonNeighbors, 0);

    /// <summary>By the model where it names atoms, else adaptive common neighbor analysis.</summary>
    public static StructureMethod Automatic { get; } = new(Classification.Automatic, 0);

    public static StructureMethod Model { get; } = new(Classification.Model, 0);

    public static StructureMethod None { get; } = new(Classification.None, 0);

    public static StructureMethod FixedCutoff(double cutoff) => new(Classification.CommonNeighbors, cutoff);
}
