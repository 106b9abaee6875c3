using Denoise.Atoms.Memory;

namespace Denoise.Training.Forces;

/// <summary>What a sample, or a batch of them, says of forces and energies beside its targets.</summary>
public sealed class ForceLabels : IDisposable
{
    /// <summary>[atoms, 3] eV/Å that the network is told; 0: none</summary>
    public NativeBuffer<double> Told { get; } = new();

    /// <summary>[atoms, 3] that it should predict, in the data's unit</summary>
    public NativeBuffer<float> Forces { get; } = new();

    /// <summary>[atoms] 1: the atom was moved, and the noise is asked for instead of the force</summary>
    public NativeBuffer<byte> IsMoved { get; } = new();

    /// <summary>Of every sample: the energy per atom that it should predict, in the data's unit; NaN: not known.</summary>
    public List<double> Energies { get; } = [];

    /// <summary>Of every sample: its atoms.</summary>
    public List<int> Counts { get; } = [];

    /// <summary>Of the noise, beside the forces.</summary>
    public double NoiseWeight { get; set; }

    /// <summary>Makes room for atoms of no samples, of whom nothing is known.</summary>
    public void Resize(int atoms)
    {
        Told.Resize(3L * atoms);
        Forces.Resize(3L * atoms);
        IsMoved.Resize(atoms);
        Told.Clear();
        Forces.Clear();
        IsMoved.Clear();
        Energies.Clear();
        Counts.Clear();
    }

    /// <summary>Copies those of a sample to the atoms from <paramref name="first"/> on.</summary>
    internal void Append(ForceLabels sample, int first)
    {
        sample.Told.Span.CopyTo(Told.Span[(3 * first)..]);
        sample.Forces.Span.CopyTo(Forces.Span[(3 * first)..]);
        sample.IsMoved.Span.CopyTo(IsMoved.Span[first..]);
        Energies.AddRange(sample.Energies);
        Counts.AddRange(sample.Counts);
    }

    public void Dispose()
    {
        Told.Dispose();
        Forces.Dispose();
        IsMoved.Dispose();
    }
}
