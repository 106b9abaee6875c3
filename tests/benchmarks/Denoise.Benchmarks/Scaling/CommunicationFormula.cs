namespace Denoise.Benchmarks;

/// <summary>
/// Communication of one frame on one rank:
/// <code>
/// exchanges  X = I L                     L - 1 of features and one of displacements per iteration
/// messages   M = X n                     n: ranks that own ghosts of this one, at most 26; LAMMPS passes them on in 6
/// bytes      B = G I (4 (L - 1) w + 24)  w floats of features, 3 doubles of displacement
/// reductions R = I + 11                  at most 66 numbers each; I + 3 with a given scale
/// ghosts     G = rho (prod (a + 2 r) - prod a)
/// </code>
/// with I iterations, L layers, density rho, bricks of edges a and ghosts out to r. The reductions besides one per iteration: one
/// agreement on the frame, seven histograms and an agreement for the scale, an agreement and a sum at the end.
/// </summary>
/// <param name="Layers">L</param>
/// <param name="Width">w</param>
internal sealed record CommunicationFormula(int Layers, int Width)
{
    private const int ReductionsBesides = 1 + 7 + 1 + 2;

    public static double Reductions(int iterations) => iterations + ReductionsBesides;

    public double Bytes(double ghosts, int iterations) => ghosts * iterations * (4.0 * (Layers - 1) * Width + 24);

    public double Messages(int neighbors, int iterations) => (double)iterations * Layers * neighbors;

    /// <summary>Ghosts of a cubic brick of so many atoms.</summary>
    public static double Ghosts(double atoms, double density, double range)
    {
        double edge = Math.Cbrt(atoms / density);
        return density * (Math.Pow(edge + 2 * range, 3) - Math.Pow(edge, 3));
    }
}
