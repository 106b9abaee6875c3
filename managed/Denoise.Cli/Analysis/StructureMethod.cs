using Denoise.InSitu;

namespace Denoise.Cli.Analysis;

/// <summary>How structures are identified.</summary>
/// <param name="Kind">the method</param>
/// <param name="Cutoff">of common neighbor analysis with a fixed cutoff, in the file's unit of length; else 0</param>
/// <param name="Analysis">text of the analysis that names, of <see cref="Classification.Analysis"/>; else null</param>
internal sealed record StructureMethod(Classification Kind, double Cutoff, string? Analysis = null)
{
    /// <summary>Names of the analyses that name atoms by what a file holds.</summary>
    public static IReadOnlyList<string> ByFile { get; } = ["map", "reference"];


    public static StructureMethod Adaptive { get; } = new(Classification.AdaptiveCommonNeighbors, 0);

    /// <summary>By the model where it names atoms, else adaptive common neighbor analysis.</summary>
    public static StructureMethod Automatic { get; } = new(Classification.Automatic, 0);

    public static StructureMethod Model { get; } = new(Classification.Model, 0);

    public static StructureMethod References { get; } = new(Classification.References, 0);

    public static StructureMethod None { get; } = new(Classification.None, 0);

    public static StructureMethod Named(string analysis) => new(Classification.Analysis, 0, analysis);

    public static StructureMethod FixedCutoff(double cutoff) => new(Classification.CommonNeighbors, cutoff);
}
