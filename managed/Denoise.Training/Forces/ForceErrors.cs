namespace Denoise.Training.Forces;

/// <summary>Errors of a network over structures, by species and together.</summary>
public sealed class ForceErrors
{
    private readonly SortedDictionary<int, VectorErrors> _bySpecies = [];
    private double _energyAbsolute;
    private double _energySquares;

    /// <summary>Structures looked at.</summary>
    public int Frames { get; private set; }

    /// <summary>Structures whose energy is known.</summary>
    public int Energies { get; private set; }

    /// <summary>Mean absolute error of the energy, eV per atom; NaN: there is none.</summary>
    public double EnergyError => Energies == 0 ? double.NaN : _energyAbsolute / Energies;

    /// <summary>Root mean square error of the energy, eV per atom; NaN: there is none.</summary>
    public double EnergyRms => Energies == 0 ? double.NaN : Math.Sqrt(_energySquares / Energies);

    /// <summary>Forces of all atoms, eV/Å.</summary>
    public VectorErrors Forces { get; } = new();

    /// <summary>The same by species.</summary>
    public IReadOnlyDictionary<int, VectorErrors> BySpecies => _bySpecies;

    /// <summary>
    /// Root mean square distance to the minimum, Å per atom, the mean shift of a structure taken off: of the structures as they are, then
    /// after each iteration; empty: no minimum is known.
    /// </summary>
    public double[] Distances => _distanceAtoms == 0 ? [] : [.. _distances.Select(sum => Math.Sqrt(sum / _distanceAtoms))];

    private double[] _distances = [];
    private long _distanceAtoms;

    internal void AddFrame() => Frames++;

    /// <param name="difference">eV per atom</param>
    internal void AddEnergy(double difference)
    {
        Energies++;
        _energyAbsolute += Math.Abs(difference);
        _energySquares += difference * difference;
    }

    internal void AddForce(int species, ReadOnlySpan<float> predicted, ReadOnlySpan<double> wanted)
    {
        if (!_bySpecies.TryGetValue(species, out VectorErrors? errors))
            _bySpecies[species] = errors = new();
        errors.Add(predicted, wanted);
        Forces.Add(predicted, wanted);
    }

    /// <param name="squares">sums over the atoms of a structure, as it is and after each iteration</param>
    /// <param name="atoms">of the structure</param>
    internal void AddDistances(double[] squares, int atoms)
    {
        _distances = _distances.Length == 0 ? new double[squares.Length] : _distances;
        for (int k = 0; k < squares.Length; k++)
            _distances[k] += squares[k];
        _distanceAtoms += atoms;
    }
}
