using Denoise.Atoms;
using Denoise.Atoms.Symmetry;

namespace Denoise.Trajectories.Cif;

/// <summary>The atoms of one unit cell: the sites of a block and their images under symmetry operations.</summary>
internal sealed class UnitCell
{
    /// <summary>
    /// Images of one site closer than this, in Å, are one atom on a special position: coordinates such as 0.3333 miss it by their
    /// rounding, and no two atoms are ever so close.
    /// </summary>
    private const double SamePosition = 0.1;

    // No two nuclei of whole atoms are so close, in Å: where the wrong operations put them.
    private const double TooClose = 0.5;

    // A few sites and operations make any number of atoms; structures of so many are better kept in a trajectory's format.
    private const int MostAtoms = 4_000_000;

    private readonly Box _cell;
    private readonly IReadOnlyList<CifSite> _sites;

    /// <exception cref="InputException">more atoms than a CIF is read with</exception>
    public UnitCell(Box cell, IReadOnlyList<CifSite> sites, IReadOnlyList<SymmetryOperation> operations, string path)
    {
        (_cell, _sites, Operations) = (cell, sites, operations);
        foreach (CifSite site in sites)
        {
            Orbits.Add(Orbit(site.Place));
            Count += Orbits[^1].Count;
            if (Count > MostAtoms)
                throw new InputException($"{path}: its sites and symmetry operations make more than {MostAtoms:N0} atoms; " +
                    "write so large a structure as extended XYZ");
        }
    }

    public IReadOnlyList<SymmetryOperation> Operations { get; }

    /// <summary>Per site, the fractional coordinates of its images, each from 0 to 1.</summary>
    public List<List<Vec3>> Orbits { get; } = [];

    public int Count { get; private set; }

    /// <summary>
    /// The first site whose number of images is not what the file says; null without one. Some programs write the order of the
    /// site's own symmetry in the place of the number of images.
    /// </summary>
    public CifSite? WrongMultiplicity()
    {
        for (int s = 0; s < _sites.Count; s++)
        {
            double said = _sites[s].Multiplicity;
            if (said > 0 && said != Orbits[s].Count && said != (double)Operations.Count / Orbits[s].Count)
                return _sites[s];
        }

        return null;
    }

    /// <summary>How many images a site has.</summary>
    public int ImagesOf(CifSite site) => Orbits[_sites.ToList().IndexOf(site)].Count;

    /// <summary>Whether whole atoms stand in each other's way.</summary>
    public bool IsCrowded()
    {
        PeriodicPoints points = new(_cell, TooClose);
        for (int s = 0; s < _sites.Count; s++)
            foreach (Vec3 image in Orbits[s])
            {
                if (!_sites[s].IsPartial && points.Find(image, TooClose, _ => true))
                    return true;
                if (!_sites[s].IsPartial)
                    points.Add(image, s);
            }

        return false;
    }

    /// <summary>Two sites that have an atom in one place; null where every atom has its own.</summary>
    public (CifSite First, CifSite Second)? SharedPlace()
    {
        PeriodicPoints points = new(_cell, SamePosition);
        for (int s = 0; s < _sites.Count; s++)
        {
            foreach (Vec3 image in Orbits[s])
            {
                int first = -1;
                if (points.Find(image, SamePosition, other => (first = other) != s))
                    return (_sites[first], _sites[s]);
                points.Add(image, s);
            }
        }

        return null;
    }

    /// <summary>Whether every image under these operations is an atom of the same element that is there already.</summary>
    public bool IsClosedUnder(IReadOnlyList<SymmetryOperation> operations)
    {
        PeriodicPoints points = new(_cell, TooClose);
        for (int s = 0; s < _sites.Count; s++)
            foreach (Vec3 image in Orbits[s])
                points.Add(image, s);
        for (int s = 0; s < _sites.Count; s++)
            foreach (SymmetryOperation operation in operations)
                if (!points.Find(operation.Apply(_sites[s].Place), SamePosition, other => _sites[other].Symbol == _sites[s].Symbol))
                    return false;
        return true;
    }

    private List<Vec3> Orbit(Vec3 site)
    {
        List<Vec3> orbit = [];
        foreach (SymmetryOperation operation in Operations)
        {
            Vec3 image = PeriodicPoints.Wrapped(operation.Apply(site));
            if (!orbit.Exists(known => PeriodicPoints.Distance(_cell, image - known) <= SamePosition))
                orbit.Add(image);
        }

        return orbit;
    }
}
