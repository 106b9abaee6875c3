using Denoise.Atoms;
using Denoise.Training.Batches;
using Denoise.Training.Structures;

namespace Denoise.Training.Sampling;

/// <summary>
/// Draws a training cell: <c>r = F r_ideal + d</c>, F = cbrt(1 + v) (1 + E) with E symmetric and traceless, d normal with a
/// standard deviation that is uniform up to the largest. The network is to find d; of atoms in a melt, nothing. Belongs to one thread.
/// </summary>
internal sealed class SampleGenerator : IDisposable
{
    private const double Freezing = 1.15;

    // Steps; half of a vibration.
    private const int LongestRelaxation = 10;

    // Γ of the soft-sphere liquid: 0.95 is as hot as twice the freezing point, 1.2 as cold as 0.85 of it.
    private const double SmallestCoupling = 0.95;
    private const double LargestCoupling = 1.2;

    private const double ThinnestSlab = 0.25;
    private const double ThickestSlab = 0.75;

    private readonly SoftSphereDynamics _dynamics = new();
    private readonly UnlikeSamples _unlike = new();
    private readonly Opening _opening = new();

    /// <summary>Fills a cell. Its edges are still to be found.</summary>
    public void Draw(IdealStructure structure, Perturbation perturbation, ref RandomStream random, TrainingCell cell)
    {
        DrawAtoms(structure, perturbation, ref random, cell);
        if (perturbation.Roles > 1)
            RoleAssignment.Assign(structure, perturbation.Roles, ref random, cell);
    }

    private void DrawAtoms(IdealStructure structure, Perturbation perturbation, ref RandomStream random, TrainingCell cell)
    {
        // Asks for no number where there are none, so that trainings without give the weights that they gave.
        if (perturbation.Unlike > 0 && random.Uniform() < perturbation.Unlike)
        {
            _unlike.Draw(structure, perturbation, _dynamics, ref random, cell);
            return;
        }

        bool isOpen = perturbation.Open > 0 && random.Uniform() < perturbation.Open;
        Vec3[] strain = Strain(perturbation, structure.LargestShear, ref random);
        double sigma = Math.Pow(random.Uniform(), perturbation.NoiseExponent) * perturbation.Noise * structure.ShortestDistance;
        double missing = random.Uniform() * perturbation.Missing;
        // Asks for no number where nothing is relaxed, so that trainings without it give the weights that they gave.
        bool isRelaxed = perturbation.Relaxed > 0 && random.Uniform() < perturbation.Relaxed;
        double molten = random.Uniform() - perturbation.Molten;
        if (structure.Ice is { } ice)
            IceSamples.Fill(structure, ice, strain, sigma, random.Uniform() * perturbation.Rigid, ref random, cell);
        else
            Fill(structure, strain, sigma, missing, ref random, cell);
        if (isRelaxed)
            _dynamics.Relax(cell, Freezing, random.Integer(LongestRelaxation) + 1, ref random);
        if (molten >= 0)
        {
            if (isOpen)
                _opening.Open(cell, structure.Spacing, perturbation.NoClass, ref random);
            return;
        }

        double fraction = molten < -0.5 * perturbation.Molten ? 1 : random.Uniform(ThinnestSlab, ThickestSlab);
        _dynamics.Melt(cell, random.Uniform(SmallestCoupling, LargestCoupling), random.Integer(3), fraction, perturbation.NoClass,
            ref random);
        // Open structures melt into denser liquids than frames show: "scale auto" takes liquids by their own distances.
        if (fraction >= 1 && perturbation.Unlike > 0)
            _unlike.Rescale(cell, structure.Spacing);
    }

    public void Dispose()
    {
        _dynamics.Dispose();
        _unlike.Dispose();
        _opening.Dispose();
    }

    /// <summary>A liquid all over, of that Γ.</summary>
    internal static void DrawLiquid(IdealStructure structure, Perturbation perturbation, SoftSphereDynamics dynamics, double coupling,
        ref RandomStream random, TrainingCell cell)
    {
        Fill(structure, Unstrained, sigma: 0, missing: 0, ref random, cell);
        dynamics.Melt(cell, coupling, axis: 0, fraction: 1, perturbation.NoClass, ref random);
    }

    /// <summary>The same with given amounts and no strain.</summary>
    public static void Draw(IdealStructure structure, double sigma, ref RandomStream random, TrainingCell cell) =>
        Fill(structure, Unstrained, sigma, missing: 0, ref random, cell);

    private static Vec3[] Unstrained => [new(1, 0, 0), new(0, 1, 0), new(0, 0, 1)];

    private static void Fill(IdealStructure structure, Vec3[] strain, double sigma, double missing, ref RandomStream random,
        TrainingCell cell)
    {
        Vec3 Apply(Vec3 r) => new(Vec3.Dot(strain[0], r), Vec3.Dot(strain[1], r), Vec3.Dot(strain[2], r));
        cell.Resize(structure.Count);
        Box box = structure.Box;
        cell.Box = box with { A = Apply(box.A), B = Apply(box.B), C = Apply(box.C), Origin = Apply(box.Origin) };
        int count = 0;
        for (int i = 0; i < structure.Count; i++)
        {
            // Drawn for atoms that go too, so that what remains does not depend on them. One atom always stays.
            bool isMissing = random.Uniform() < missing && (count > 0 || i < structure.Count - 1);
            Vec3 moved = new(sigma * random.Normal(), sigma * random.Normal(), sigma * random.Normal());
            if (isMissing)
                continue;
            Vec3 position = Apply(structure.Positions[i]) + moved;
            for (int axis = 0; axis < 3; axis++)
            {
                cell.Positions[3 * count + axis] = position[axis];
                cell.Targets[3 * count + axis] = (float)moved[axis];
            }

            cell.Classes[count] = structure.Classes[i];
            cell.Species[count++] = structure.Species[i];
        }

        cell.Resize(count);
    }

    private static Vec3[] Strain(Perturbation perturbation, double largestShear, ref RandomStream random)
    {
        double scale = Math.Cbrt(1 + random.Uniform(-perturbation.VolumeStrain, perturbation.VolumeStrain));
        double s = Math.Min(perturbation.ShearStrain, largestShear);
        double xx = random.Uniform(-s, s), yy = random.Uniform(-s, s), zz = random.Uniform(-s, s), mean = (xx + yy + zz) / 3;
        double xy = random.Uniform(-s, s), xz = random.Uniform(-s, s), yz = random.Uniform(-s, s);
        return
        [
            new Vec3(1 + xx - mean, xy, xz) * scale,
            new Vec3(xy, 1 + yy - mean, yz) * scale,
            new Vec3(xz, yz, 1 + zz - mean) * scale,
        ];
    }
}
