using Denoise.Atoms;

namespace Denoise.Structure.Analyses;

/// <summary>
/// An analysis that names atoms, so that a session may be told to take its names for the structure types. Its first column holds numbers
/// of <see cref="Structures"/>.
/// </summary>
public interface IStructureNaming : IAnalysis
{
    /// <summary>That atoms may be named; the first is "other". Fixed.</summary>
    IReadOnlyList<NamedStructure> Structures { get; }
}
