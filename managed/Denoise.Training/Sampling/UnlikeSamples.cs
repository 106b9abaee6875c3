using Denoise.Atoms;
using Denoise.Training.Batches;
using Denoise.Training.Structures;

namespace Denoise.Training.Sampling;

/// <summary>
/// Samples that are none of the structures, so that a network learns what it does not know: a crystal of random sites, of random
/// molecules, a random packing, a liquid with holes, of bonded atoms or ions. All are to be left alone and named "none". Belongs to one
/// thread.
/// </summary>
internal sealed class UnlikeSamples : IDisposable
{
    private const int MostSites = 24;
    private const int FewestSites = 3;

    // The candidates for a site, of which the farthest from the others is taken: one makes a gas, twenty a dense packing.
    private const int MostCandidates = 20;

    // In spacings: atoms this close are no molecule.
    private const double Closest = 0.25;

    // Bond of a molecule in distances between sites.
    private const double ShortestBond = 0.35;
    private const double LongestBond = 0.65;

    // Γ of liquids, from ones whose atoms come so close that few fit around one to undercooled ones; simple liquids freeze at 1.15.
    private const double SmallestCore = 0.2;
    private const double LargestCore = 1.35;

    private const double FewestHoles = 0.15;
    private const double MostHoles = 0.5;

    // Liquids and glasses of atoms that bond, in units of Stillinger and Weber: λ, what a λ of 1 takes from the density of a simple
    // liquid, and temperatures from that of a glass to twice silicon's melting point.
    private const double LargestTetrahedrality = 26;
    private const double SimpleDensity = 0.82;
    private const double DensityPerTetrahedrality = 0.016;
    private const double DensityChange = 0.08;
    private const double Coldest = 0.03;
    private const double Hottest = 0.12;

    private const double PartOfIons = 0.3;
    private const double IonTetrahedrality = 4;
    private const double LeastIonDensity = 0.35;
    private const double MostIonDensity = 0.6;

    // Γ of liquids from which these begin: no two atoms overlap.
    private const double StartCoupling = 0.7;

    // Of the spacing, either way: what "scale auto" leaves uncertain.
    private const double SpacingStrain = 0.04;

    private readonly EdgeFinder _finder = new();
    private readonly StillingerWeberDynamics _bonding = new();
    private readonly List<Vec3> _sites = [];

    /// <summary>Fills a cell. Its edges are still to be found.</summary>
    public void Draw(IdealStructure structure, Perturbation perturbation, SoftSphereDynamics dynamics, ref RandomStream random,
        TrainingCell cell)
    {
        switch (random.Integer(5))
        {
            case 0:
                DrawCrystal(FewestSites + random.Integer(MostSites - FewestSites + 1), structure, perturbation, ref random, cell);
                break;
            case 1:
                DrawCrystal(structure.Count, structure, perturbation, ref random, cell);
                break;
            case 2:
                DrawCrystal(FewestSites + random.Integer(MostSites - FewestSites + 1), structure, perturbation, ref random, cell,
                    1 + random.Integer(3));
                break;
            case 3:
                DrawBonded(structure, perturbation, dynamics, ref random, cell);
                break;
            default:
                bool hasHoles = random.Uniform() < 0.5;
                SampleGenerator.DrawLiquid(
                    structure, perturbation, dynamics, random.Uniform(SmallestCore, LargestCore), ref random, cell);
                if (hasHoles)
                    Thin(cell, random.Uniform(FewestHoles, MostHoles), ref random);
                break;
        }

        Rescale(cell, structure.Spacing * random.Uniform(1 - SpacingStrain, 1 + SpacingStrain));
    }

    /// <summary>Gives a cell the spacing at which frames reach the network.</summary>
    public void Rescale(TrainingCell cell, double spacing)
    {
        double factor = spacing / _finder.MeanDistance(cell, IdealStructure.NearestCount);
        cell.Box = cell.Box.Scaled(factor);
        for (int c = 0; c < 3 * cell.Count; c++)
        {
            cell.Positions[c] *= factor;
            cell.Targets[c] *= (float)factor;
        }
    }

    public void Dispose()
    {
        _finder.Dispose();
        _bonding.Dispose();
    }

    private void DrawBonded(IdealStructure structure, Perturbation perturbation, SoftSphereDynamics dynamics, ref RandomStream random,
        TrainingCell cell)
    {
        SampleGenerator.DrawLiquid(structure, perturbation, dynamics, StartCoupling, ref random, cell);
        bool isIonic = random.Uniform() < PartOfIons;
        double tetrahedrality = random.Uniform() * (isIonic ? IonTetrahedrality : LargestTetrahedrality);
        double density = isIonic
            ? random.Uniform(LeastIonDensity, MostIonDensity)
            : (SimpleDensity - DensityPerTetrahedrality * tetrahedrality) * random.Uniform(1 - DensityChange, 1 + DensityChange);
        for (int i = 0; isIonic && structure.SpeciesCount > 1 && i < cell.Count; i++)
            cell.Species[i] = i & 1;
        _bonding.Melt(cell, density, random.Uniform(Coldest, Hottest), tetrahedrality, isIonic, ref random);
    }

    private void DrawCrystal(int sites, IdealStructure structure, Perturbation perturbation, ref RandomStream random, TrainingCell cell,
        int bonded = 0)
    {
        Box box = RandomCell(sites, ref random);
        Place(box, sites, 1 + random.Integer(MostCandidates), bonded, ref random);
        int[] copies = IdealStructure.Copies(box, _sites.Count, structure.Count);
        cell.Resize(_sites.Count * copies[0] * copies[1] * copies[2]);
        cell.Box = box with { A = box.A * copies[0], B = box.B * copies[1], C = box.C * copies[2] };
        double sigma = random.Uniform() * perturbation.Noise * Closest * 2;
        // Of one element or, where the structures have several species, of any.
        int count = 0;
        foreach (Vec3 site in _sites)
        {
            int kind = random.Integer(structure.SpeciesCount);
            for (int a = 0; a < copies[0]; a++)
                for (int b = 0; b < copies[1]; b++)
                    for (int c = 0; c < copies[2]; c++, count++)
                    {
                        Vec3 position = site + box.A * a + box.B * b + box.C * c;
                        for (int axis = 0; axis < 3; axis++)
                            (cell.Positions[3 * count + axis], cell.Targets[3 * count + axis]) =
                                (position[axis] + sigma * random.Normal(), 0);
                        (cell.Classes[count], cell.Species[count]) = (perturbation.NoClass, kind);
                    }
        }
    }

    /// <summary>Of one volume per site.</summary>
    private static Box RandomCell(int sites, ref RandomStream random)
    {
        Vec3 a = new(Math.Exp(random.Uniform(-0.35, 0.35)), 0, 0);
        Vec3 b = new(random.Uniform(-0.5, 0.5) * a.X, Math.Exp(random.Uniform(-0.35, 0.35)), 0);
        Vec3 c = new(random.Uniform(-0.5, 0.5) * a.X, random.Uniform(-0.5, 0.5) * b.Y, Math.Exp(random.Uniform(-0.35, 0.35)));
        var box = new Box(a, b, c, default, true, true, true);
        return box.Scaled(Math.Cbrt(sites / box.Volume));
    }

    private void Place(Box box, int sites, int candidates, int bonded, ref RandomStream random)
    {
        _sites.Clear();
        for (int n = 0; n < sites; n++)
        {
            (Vec3 best, double farthest) = (default, -1);
            for (int k = 0; k < candidates || (farthest < Closest && k < MostCandidates); k++)
            {
                Vec3 at = box.ToCartesian(new(random.Uniform(), random.Uniform(), random.Uniform()));
                double closest = double.PositiveInfinity;
                foreach (Vec3 other in _sites)
                    closest = Math.Min(closest, Distance(box, at - other));
                if (closest > farthest)
                    (best, farthest) = (at, closest);
            }

            _sites.Add(best);
        }

        for (int n = 0; n < sites; n++)
            for (int k = 0; k < bonded; k++)
            {
                var direction = new Vec3(random.Normal(), random.Normal(), random.Normal());
                _sites.Add(_sites[n] + direction * (random.Uniform(ShortestBond, LongestBond) / Math.Max(direction.Length, 1e-3)));
            }
    }

    /// <summary>To the nearest image, of cells that are not too oblique.</summary>
    private static double Distance(Box box, Vec3 d)
    {
        Vec3 f = box.ToFractional(d + box.Origin);
        return box.ToCartesian(new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z))).Length;
    }

    private static void Thin(TrainingCell cell, double part, ref RandomStream random)
    {
        int kept = 0;
        for (int i = 0; i < cell.Count; i++)
        {
            if (random.Uniform() < part && kept + cell.Count - i > IdealStructure.NearestCount)
                continue;
            cell.Move(i, kept++);
        }

        cell.Truncate(kept);
    }
}
