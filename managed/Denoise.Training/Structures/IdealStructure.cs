using Denoise.Atoms;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures.Ice;

namespace Denoise.Training.Structures;

/// <summary>A periodic structure without noise, repeated to the size of a training cell. Lengths in Å.</summary>
public sealed class IdealStructure
{
    /// <summary>Of the atoms whose mean distance is what lengths are measured by.</summary>
    public const int NearestCount = 13;

    private IdealStructure(string name, Box box, Vec3[] positions, int[] species, string[] classNames)
    {
        (Name, Box, Positions, Species, ClassNames) = (name, box, positions, species, classNames);
        SpeciesCount = 1 + species.Max();
        Classes = new int[Count];
        Array.Fill(Classes, TrainingCell.Unlabelled);
    }

    public string Name { get; }

    public Box Box { get; }

    public Vec3[] Positions { get; }

    /// <summary>[atoms] counted from 0; atoms of one species are together, which training likes best.</summary>
    public int[] Species { get; }

    public int Count => Positions.Length;

    /// <summary>Species that it has, 1 of an element.</summary>
    public int SpeciesCount { get; }

    /// <summary>[atoms] what a network that names is to call them.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>[atoms] the same by number, as the network orders them; <see cref="TrainingCell.Unlabelled"/>: nothing.</summary>
    public int[] Classes { get; }

    /// <summary>Elements of the shear that it can bear without turning into another structure.</summary>
    public double LargestShear { get; private init; } = double.PositiveInfinity;

    /// <summary>Mean distance (Å) of an atom to the 13 nearest: what "scale auto" measures.</summary>
    public double Spacing { get; private set; }

    /// <summary>Å between the closest two atoms.</summary>
    public double ShortestDistance { get; private set; }

    /// <summary>Edges per atom within the cutoff.</summary>
    public double MeanNeighbors { get; private set; }

    /// <summary>Of an ice: its molecules, oxygens of which are the last atoms. Null: it is none.</summary>
    internal IceLattice? Ice { get; private init; }

    /// <summary>A prototype that any element or, by role, any compound may have.</summary>
    /// <param name="prototype">the structure</param>
    /// <param name="volumePerAtom">Å^3</param>
    /// <param name="atoms">about how many the repeated cell holds, at least</param>
    /// <param name="byRole">whether atoms of different sublattices are different species; else all are alike</param>
    public static IdealStructure Of(Prototype prototype, double volumePerAtom, int atoms, bool byRole = false)
    {
        (Vec3 a, Vec3 b, Vec3 c) = prototype.Cell;
        var box = new Box(a, b, c, default, true, true, true);
        box = box.Scaled(Math.Cbrt(volumePerAtom * prototype.Sites.Count / box.Volume));
        return Repeat(prototype, box, byRole && prototype.Roles.Count > 0 ? [.. prototype.Roles] : new int[prototype.Sites.Count], atoms);
    }

    /// <summary>A compound with its published lattice parameter.</summary>
    /// <param name="prototype">the structure</param>
    /// <param name="elements">symbols of the species in order, all of the compound's among them</param>
    /// <param name="atoms">about how many the repeated cell holds, at least</param>
    public static IdealStructure Of(Prototype prototype, IReadOnlyList<string> elements, int atoms)
    {
        (Vec3 a, Vec3 b, Vec3 c) = prototype.Cell;
        Box box = new Box(a, b, c, default, true, true, true).Scaled(prototype.LatticeParameter);
        if (prototype.Ice is { } ice)
            return OfIce(prototype.Name, ice, [IndexOf(elements, "H"), IndexOf(elements, "O")], atoms);
        int[] species = [.. prototype.Elements.Select(element => IndexOf(elements, element))];
        return Repeat(prototype, box, species, atoms);
    }

    /// <summary>A structure out of a file, in its own lengths.</summary>
    /// <param name="name">of the file, for messages</param>
    /// <param name="frame">periodic in all directions</param>
    /// <param name="elements">symbols of the species in order; empty: all atoms are alike</param>
    /// <param name="atoms">about how many the repeated cell holds, at least</param>
    /// <param name="byRole">whether atoms of different types are different species, whatever their elements</param>
    /// <exception cref="InputException">not a periodic structure, or an atom of none of the elements</exception>
    public static IdealStructure Of(string name, Frame frame, IReadOnlyList<string> elements, int atoms, bool byRole = false)
    {
        if (frame.Count == 0)
            throw new InputException($"{name}: holds no atoms to learn from.");
        for (int axis = 0; axis < 3; axis++)
            if (!frame.Box.IsPeriodic(axis))
                throw new InputException($"{name}: its box is not periodic along {"abc"[axis]}; training needs an ideal periodic crystal.");
        if (!(frame.Box.Volume > 0) || !double.IsFinite(frame.Box.Volume))
            throw new InputException($"{name}: its box has no volume.");
        List<int> types = [.. frame.Types.Span.ToArray().Distinct().Order()];
        int[] species = new int[frame.Count];
        var positions = new Vec3[frame.Count];
        for (int i = 0; i < species.Length; i++)
        {
            positions[i] = new(frame.Positions[3 * i], frame.Positions[3 * i + 1], frame.Positions[3 * i + 2]);
            if (byRole)
                species[i] = types.IndexOf(frame.Types[i]);
            if (elements.Count == 0)
                continue;
            string? element = frame.ElementOf(frame.Types[i]);
            species[i] = Enumerable.Range(0, elements.Count).FirstOrDefault(s => elements[s] == element, -1);
            if (species[i] < 0)
                throw new InputException($"{name}: atom {frame.Ids[i]} is {element ?? "of no known element"}, not one of " +
                    $"{string.Join(", ", elements)}.");
        }

        return Repeat(name, frame.Box, positions, species, [.. species.Select(_ => Structures.ClassNames.Of(name))], atoms);
    }

    /// <summary>The same with other lengths, so that an atom's 13 nearest are at that mean distance.</summary>
    /// <param name="spacing">Å</param>
    public IdealStructure WithSpacing(double spacing)
    {
        double factor = spacing / MeasureSpacing();
        return new(Name, Box.Scaled(factor), [.. Positions.Select(position => position * factor)], Species, [.. ClassNames])
        {
            LargestShear = LargestShear,
        };
    }

    /// <summary>Measures distances and checks that training is possible.</summary>
    /// <exception cref="InputException">an atom has no neighbor within the cutoff, or two atoms are in one place</exception>
    public void Measure(double cutoff)
    {
        using TrainingCell cell = Fill();
        using var finder = new EdgeFinder();
        finder.Find(cell, cutoff);
        ShortestDistance = cell.ShortestEdge;
        MeanNeighbors = (double)cell.EdgeCount / Count;
        Spacing = MeasureSpacing();
        for (int i = 0; i < Count; i++)
            if (cell.Starts[i + 1] == cell.Starts[i])
                throw new InputException($"{Name}: an atom has no neighbor within the cutoff of {cutoff:g4} Å; raise --cutoff, or lower " +
                    $"the volume per atom (now {Box.Volume / Count:g4} Å^3).");
        if (ShortestDistance < 0.1)
            throw new InputException($"{Name}: two atoms are only {ShortestDistance:g3} Å apart; the file is damaged or its unit of " +
                "length is not Å.");
    }

    private static int IndexOf(IReadOnlyList<string> elements, string element) =>
        Enumerable.Range(0, elements.Count).First(s => elements[s] == element);

    /// <param name="name">of the prototype</param>
    /// <param name="cell">to repeat</param>
    /// <param name="species">of hydrogen and of oxygen</param>
    /// <param name="atoms">at least</param>
    private static IdealStructure OfIce(string name, IceCell cell, int[] species, int atoms)
    {
        IceLattice ice = new(cell, Copies(cell.Box, 3 * cell.Oxygens.Count, atoms));
        int molecules = ice.Oxygens.Length;
        var random = new RandomStream(seed: 1, purpose: 0, index: 0);
        var positions = new Vec3[3 * molecules];
        ice.Place(ice.Draw(ref random), positions);
        return new(name, ice.Box, positions, [.. Enumerable.Range(0, 3 * molecules).Select(i => species[i < 2 * molecules ? 0 : 1])],
            [.. Enumerable.Repeat(Structures.ClassNames.Of(name), 3 * molecules)])
        {
            Ice = ice,
        };
    }

    private double MeasureSpacing()
    {
        using TrainingCell cell = Fill();
        using var finder = new EdgeFinder();
        return finder.MeanDistance(cell, NearestCount);
    }

    private TrainingCell Fill()
    {
        var cell = new TrainingCell();
        cell.Resize(Count);
        cell.Box = Box;
        for (int i = 0; i < Count; i++)
            for (int axis = 0; axis < 3; axis++)
                cell.Positions[3 * i + axis] = Positions[i][axis];
        return cell;
    }

    private static IdealStructure Repeat(Prototype prototype, Box box, int[] species, int atoms) => Repeat(prototype.Name, box,
        [.. prototype.Sites.Select(box.ToCartesian)], species, [.. prototype.SiteClasses ?? prototype.Sites.Select(_ => prototype.Name)],
        atoms, prototype.LargestShear);

    /// <summary>How often along each edge, the thinnest first, until there are enough atoms.</summary>
    internal static int[] Copies(Box cell, int sites, int atoms)
    {
        int[] copies = [1, 1, 1];
        Vec3 thickness = cell.FaceDistances;
        while (sites * copies[0] * copies[1] * copies[2] < atoms)
            copies[Enumerable.Range(0, 3).MinBy(axis => thickness[axis] * copies[axis])]++;
        return copies;
    }

    /// <summary>Repeats the cell along its thinnest direction until it is large enough.</summary>
    private static IdealStructure Repeat(string name, Box cell, Vec3[] sites, int[] species, string[] classes, int atoms,
        double largestShear = double.PositiveInfinity)
    {
        int[] copies = Copies(cell, sites.Length, atoms);
        Vec3[] shifts = [.. from a in Enumerable.Range(0, copies[0])
                            from b in Enumerable.Range(0, copies[1])
                            from c in Enumerable.Range(0, copies[2])
                            select cell.A * a + cell.B * b + cell.C * c];
        int[] order = [.. Enumerable.Range(0, sites.Length).OrderBy(i => species[i])];
        return new(name, cell with { A = cell.A * copies[0], B = cell.B * copies[1], C = cell.C * copies[2] },
            [.. order.SelectMany(i => shifts.Select(shift => sites[i] + shift))],
            [.. order.SelectMany(i => shifts.Select(_ => species[i]))],
            [.. order.SelectMany(i => shifts.Select(_ => classes[i]))])
        {
            LargestShear = largestShear,
        };
    }
}
