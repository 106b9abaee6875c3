using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// The neighbor list of moving atoms (Verlet 1967): built with a skin, kept until some atom has moved more than half of it, so that
/// every pair within the cutoff is always listed. Lengths in model Å.
/// </summary>
/// <param name="pool">threads, borrowed</param>
/// <param name="grid">to sort atoms with, borrowed</param>
/// <param name="cutoff">of the network</param>
internal sealed class VerletList(WorkerPool pool, CellGrid grid, double cutoff) : IDisposable
{
    /// <summary>
    /// Most of the way is gone in the first iteration, after which a list with this skin usually lasts; a thinner one is rebuilt
    /// every time, a thicker one has more pairs to skip.
    /// </summary>
    public const double Skin = 0.4;

    // Moves are known in single precision.
    private const double Rounding = 1e-6;

    private readonly NeighborListBuilder _builder = new(pool, grid);

    private bool _valid;

    public double Cutoff => cutoff;

    public NeighborList List { get; } = new();

    /// <summary>The next positions have nothing to do with the last.</summary>
    public void Invalidate() => _valid = false;

    /// <summary>Builds the list if it has to be; returns whether it was.</summary>
    /// <param name="particles">in model Å</param>
    /// <param name="field">how far they have moved since the list was built, and are marked when it is</param>
    public bool Prepare(Particles particles, DisplacementField field)
    {
        if (_valid && field.LargestMove <= Skin / 2 - Rounding)
            return false;
        _valid = false;
        _builder.Build(particles.View, cutoff + Skin, List, forSums: true);
        field.Mark();
        _valid = true;
        return true;
    }

    /// <summary>Atoms of the list that have fewer or more neighbors within cutoff and skin than these.</summary>
    public int CountOutside(double fewest, double most)
    {
        int count = 0;
        for (int i = 0; i < List.AtomCount; i++)
            if (List[i].Count < fewest || List[i].Count > most)
                count++;
        return count;
    }

    public void Dispose()
    {
        _builder.Dispose();
        List.Dispose();
    }
}
