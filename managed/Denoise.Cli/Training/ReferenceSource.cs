using Denoise.Atoms;
using Denoise.Structure.Soap;
using Denoise.Training.Structures;

namespace Denoise.Cli.Training;

/// <summary>Ideal structures that atoms are compared with: prototypes of compounds by name, and files.</summary>
internal static class ReferenceSource
{
    private const int MostAtoms = 5000;

    /// <param name="name">of a prototype or a file</param>
    /// <param name="elements">of the densities</param>
    /// <exception cref="InputException">it is neither, or says not what its atoms are</exception>
    public static ReferenceStructure Read(string name, IReadOnlyList<string> elements)
    {
        if (!File.Exists(name))
            return Of(PrototypeLibrary.Get(name), elements);
        using Frame frame = StructureSource.Read(name);
        if (frame.Count > MostAtoms)
            throw new InputException($"{name}: has {frame.Count} atoms; a unit cell is wanted, of up to {MostAtoms}.");
        if (!frame.HasElements)
            throw new InputException($"{name}: does not say which elements its atoms are; write them into it.");
        return new(ClassNames.Of(name), frame.Box,
            [.. Enumerable.Range(0, frame.Count)
                .Select(i => new Vec3(frame.Positions[3 * i], frame.Positions[3 * i + 1], frame.Positions[3 * i + 2]))],
            [.. Enumerable.Range(0, frame.Count).Select(i => IndexOf(elements, frame.ElementOf(frame.Types[i])))]);
    }

    private static ReferenceStructure Of(Prototype prototype, IReadOnlyList<string> elements)
    {
        if (prototype.LatticeParameter == 0)
            throw new InputException($"the prototype {prototype.Name} has no lengths of its own; give a file with the crystal that is " +
                "meant.");
        (Vec3 a, Vec3 b, Vec3 c) = prototype.Cell;
        Box box = new Box(a, b, c, default, true, true, true).Scaled(prototype.LatticeParameter);
        return new(ClassNames.Of(prototype.Name), box, [.. prototype.Sites.Select(box.ToCartesian)],
            [.. prototype.Elements.Select(element => IndexOf(elements, element))]);
    }

    private static int IndexOf(IReadOnlyList<string> elements, string? element) =>
        Enumerable.Range(0, elements.Count).FirstOrDefault(k => elements[k] == element, -1);
}
