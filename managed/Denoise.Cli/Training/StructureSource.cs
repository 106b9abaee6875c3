using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Training.Structures;
using Denoise.Trajectories;

namespace Denoise.Cli.Training;

/// <summary>The ideal structures of a training: prototypes by name and files.</summary>
internal static class StructureSource
{
    /// <returns>the structures, measured, and the symbols of the species: empty where there is one, which is then any element</returns>
    /// <exception cref="InputException">an unknown name, a file that cannot be read, a structure that cannot be learned from</exception>
    public static (IReadOnlyList<IdealStructure> Structures, IReadOnlyList<string> Elements) Load(TrainOptions options)
    {
        int atoms = options.Settings.CellAtoms;
        Prototype[] prototypes =
        [
            .. options.Prototypes.Select(PrototypeLibrary.Get), .. CloseStacks.Create(options.Stacks, options.Settings.Seed),
            .. options.Decoys.Select(PrototypeLibrary.Get)
                .Select(decoy => decoy with { SiteClasses = [.. decoy.Sites.Select(_ => NoClass.Name)] }),
        ];
        var frames = new List<(string Path, Frame Frame)>();
        try
        {
            foreach (string path in options.Structures)
                frames.Add((path, Read(path)));
            bool byRole = options.Settings.HasRoles;
            if (byRole && Array.Find(prototypes, prototype => prototype.Elements.Count > 0) is { } compound)
                throw new InputException($"the prototype {compound.Name} is one of given elements ({string.Join(", ",
                    compound.Elements.Distinct())}), and --roles is for structures of any; train them apart.");
            IReadOnlyList<string> elements = byRole ? [] : Elements(prototypes, frames);
            if (elements.Count > 1 && Array.Find(prototypes, prototype => prototype.Elements.Count == 0) is { } elemental)
                throw new InputException($"the prototype {elemental.Name} has one species, the other structures have several " +
                    $"({string.Join(", ", elements)}); train them apart.");
            List<IdealStructure> structures =
            [
                .. prototypes.Select(prototype => prototype.Elements.Count > 0
                    ? IdealStructure.Of(prototype, elements, atoms)
                    : Element(prototype, options, atoms)),
                .. frames.Select(file => IdealStructure.Of(file.Path, file.Frame, elements, atoms, byRole)),
            ];
            foreach (IdealStructure structure in structures)
                structure.Measure(options.Settings.Cutoff);
            return (structures, elements);
        }
        finally
        {
            foreach ((_, Frame frame) in frames)
                frame.Dispose();
        }
    }

    private static IdealStructure Element(Prototype prototype, TrainOptions options, int atoms)
    {
        var structure = IdealStructure.Of(prototype, options.Volume, atoms, options.Settings.HasRoles);
        return options.Spacing > 0 ? structure.WithSpacing(options.Spacing) : structure;
    }

    /// <summary>The first frame of a file; the caller disposes of it.</summary>
    /// <exception cref="InputException">it cannot be read, or holds none</exception>
    public static Frame Read(string path)
    {
        using var reader = TrajectoryReader.Open(path);
        var frame = new Frame();
        bool isRead = reader.Read(frame);
        foreach (string warning in reader.Warnings)
            DenoiseCommand.Warn(warning);
        if (isRead)
            return frame;
        frame.Dispose();
        throw new InputException($"{path}: holds no structure.");
    }

    /// <summary>Sorted by atomic number; empty where all atoms are of one kind.</summary>
    private static List<string> Elements(Prototype[] prototypes, List<(string Path, Frame Frame)> files)
    {
        HashSet<string> elements = new(prototypes.SelectMany(prototype => prototype.Elements), StringComparer.Ordinal);
        foreach ((string path, Frame frame) in files)
        {
            bool hasOneType = new HashSet<int>(frame.Types.Span.ToArray()).Count <= 1;
            foreach (int type in new HashSet<int>(frame.Types.Span.ToArray()))
            {
                string? element = frame.ElementOf(type);
                if (element is not null)
                    elements.Add(element);
                else if (!hasOneType)
                    throw new InputException($"{path}: does not say which element its atom type {type} is.");
            }
        }

        return elements.Count <= 1 ? [] : [.. elements.OrderBy(ElementTable.AtomicNumber).ThenBy(name => name, StringComparer.Ordinal)];
    }
}
