using Denoise.Atoms;
using Denoise.Training.Batches;

namespace Denoise.Training.Forces;

/// <summary>
/// Structures to learn from, and the units in which a network learns from them: forces in their rms, energies in the rms of what is left
/// per atom when every atom has been given the reference energy of its species.
/// </summary>
public sealed class ForceData
{
    private const double Ridge = 1e-9;

    /// <param name="frames">to learn from, at least one</param>
    /// <param name="elements">symbols of the species in order; empty: one species, any element</param>
    /// <param name="cutoff">Å of the network's graph</param>
    /// <exception cref="InputException">nothing can be learned</exception>
    public ForceData(IReadOnlyList<ForceFrame> frames, IReadOnlyList<string> elements, double cutoff)
    {
        (Frames, Elements) = (frames, elements);
        SpeciesCount = Math.Max(1, elements.Count);
        double[] components = [.. frames.SelectMany(frame => frame.Forces ?? [])];
        ForceScale = components.Length == 0 ? 0 : Math.Sqrt(components.Average(f => f * f));
        ForceFrame[] withEnergy = [.. frames.Where(frame => frame.Energy is not null && frame.Count > 0)];
        ReferenceEnergies = withEnergy.Length == 0 ? [] : References(withEnergy);
        EnergyScale = withEnergy.Length == 0 ? 0 : Math.Sqrt(withEnergy.Average(frame => Math.Pow(PerAtom(frame), 2)));
        MeanNeighbors = Neighbors(cutoff);
    }

    public IReadOnlyList<ForceFrame> Frames { get; }

    public IReadOnlyList<string> Elements { get; }

    public int SpeciesCount { get; }

    /// <summary>eV/Å, rms of a component; 0: there are none.</summary>
    public double ForceScale { get; }

    /// <summary>eV per atom, rms; 0: there are none, or all are equal.</summary>
    public double EnergyScale { get; }

    /// <summary>[species] eV per atom by least squares; empty: there are no energies.</summary>
    public IReadOnlyList<double> ReferenceEnergies { get; }

    /// <summary>Atoms within the cutoff of one, in the mean.</summary>
    public double MeanNeighbors { get; }

    /// <summary>eV per atom beside the reference energies.</summary>
    public double PerAtom(ForceFrame frame) =>
        (frame.Energy!.Value - frame.Species.Sum(s => ReferenceEnergies[s])) / frame.Count;

    /// <summary>Normal equations in the number of atoms per species; a species that always comes in one proportion gets the smallest.</summary>
    private double[] References(ForceFrame[] frames)
    {
        int n = SpeciesCount;
        double[,] a = new double[n, n + 1];
        foreach (ForceFrame frame in frames)
        {
            double[] parts = new double[n];
            foreach (int s in frame.Species)
                parts[s] += 1.0 / frame.Count;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i, j] += parts[i] * parts[j];
                a[i, n] += parts[i] * frame.Energy!.Value / frame.Count;
            }
        }

        for (int i = 0; i < n; i++)
            a[i, i] += Ridge * frames.Length;
        // Positive definite: no pivots are needed.
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++)
            {
                double factor = i == k ? 0 : a[i, k] / a[k, k];
                for (int j = k; j <= n && factor != 0; j++)
                    a[i, j] -= factor * a[k, j];
            }

        return [.. Enumerable.Range(0, n).Select(i => a[i, n] / a[i, i])];
    }

    private double Neighbors(double cutoff)
    {
        using var finder = new EdgeFinder();
        using var cell = new TrainingCell();
        long edges = 0, atoms = 0;
        foreach (ForceFrame frame in Frames)
        {
            ForceSampler.Place(frame, cell);
            finder.Find(cell, cutoff);
            (edges, atoms) = (edges + cell.EdgeCount, atoms + cell.Count);
        }

        return edges == 0
            ? throw new InputException($"no two atoms of the data are closer than {cutoff} Å; give a larger --cutoff.")
            : (double)edges / atoms;
    }
}
