namespace Denoise.Networks.Models;

/// <summary>
/// What the rest of the program must know of a network, whatever evaluates it: <see cref="NequipModel"/>, whose weights our engines read,
/// or a <see cref="TorchScriptModel"/>. Lengths in model Å.
/// </summary>
public interface IModel
{
    /// <summary>Where it came from, for messages.</summary>
    string Origin { get; }

    /// <summary>Of the graph.</summary>
    double Cutoff { get; }

    /// <summary>
    /// How far ghosts must reach so that what is said of owned atoms is right: the cutoff where engines exchange features between layers,
    /// as many cutoffs as there are layers where they cannot.
    /// </summary>
    double Reach { get; }

    /// <summary>Mean number of neighbors within the cutoff in training.</summary>
    double NeighborCount { get; }

    int SpeciesCount { get; }

    /// <summary>Chemical symbols of the species in order, or empty: a network of one species works on any element.</summary>
    IReadOnlyList<string> Species { get; }

    /// <summary>See <see cref="NequipConfig.SpeciesAreRoles"/>.</summary>
    bool SpeciesAreRoles { get; }

    /// <summary>See <see cref="NequipConfig.ScaleLength"/>.</summary>
    double ScaleLength { get; }

    int ScaleNeighbors { get; }

    /// <summary>What it says of every atom.</summary>
    IReadOnlyList<Head> Heads { get; }

    /// <summary>What it says, for messages.</summary>
    string OutputText { get; }

    /// <summary>Whether atoms can be moved by it although it has no head for displacements.</summary>
    bool IsConservative { get; }

    /// <summary>Where a head is among <see cref="Heads"/>; -1: the network has none of that name.</summary>
    int IndexOfHead(string name) => Head.IndexOf(Heads, name);
}
