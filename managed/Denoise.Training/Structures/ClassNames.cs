using Denoise.Atoms;
using Denoise.Training.Batches;

namespace Denoise.Training.Structures;

/// <summary>What a network that names is to call the structures it learns: one class per name, and one for atoms of melts.</summary>
public static class ClassNames
{
    /// <summary>The classes of a training in order: of the structures, then <see cref="NoClass"/>.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<IdealStructure> structures) =>
        [.. structures.SelectMany(structure => structure.ClassNames).Where(name => name != NoClass.Name).Distinct(), NoClass.Name];

    /// <summary>Its number; <see cref="TrainingCell.Unlabelled"/> where the network names nothing, or not that.</summary>
    public static int IndexOf(IReadOnlyList<string> classes, string name) => Array.IndexOf([.. classes], name);

    /// <summary>Of a prototype its name, of a file its name without folder and extension; what is no letter or digit becomes '_'.</summary>
    public static string Of(string structure) =>
        string.Concat(Path.GetFileNameWithoutExtension(structure).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' ? c : '_'));
}
