using Denoise.Atoms;

namespace Denoise.Training.Structures;

/// <summary>A crystal structure by its common name; lengths in units of the lattice parameter a.</summary>
/// <param name="Name">as users give it</param>
/// <param name="Description">what it is: Strukturbericht symbol and an example, or the publication</param>
/// <param name="Cell">edge vectors of the conventional cell</param>
/// <param name="Sites">[atoms] fractional coordinates</param>
public sealed record Prototype(string Name, string Description, (Vec3 A, Vec3 B, Vec3 C) Cell, IReadOnlyList<Vec3> Sites)
{
    /// <summary>[atoms] symbols of a compound's elements; empty: one species, which is any element at any density.</summary>
    public IReadOnlyList<string> Elements { get; init; } = [];

    /// <summary>
    /// [atoms] on which sublattice of a compound each is, counted from 0: whichever element is there. Empty: there is one.
    /// </summary>
    public IReadOnlyList<int> Roles { get; init; } = [];

    /// <summary>a in Å of a compound, as published.</summary>
    public double LatticeParameter { get; init; }

    /// <summary>Elements of the shear that it can bear: small where another structure is near, so that both keep their name.</summary>
    public double LargestShear { get; init; } = double.PositiveInfinity;

    /// <summary>[atoms] what a network that names is to call them; null: by the structure's name.</summary>
    public IReadOnlyList<string>? SiteClasses { get; init; }

    /// <summary>Of an ice: its hydrogen bonds. The sites hold one arrangement of the hydrogens. Null: it is none.</summary>
    internal Ice.IceCell? Ice { get; init; }
}
