using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;

namespace Denoise.InSitu;

/// <summary>
/// The neighbor list of moving atoms: built with a skin, kept until some atom has moved more than half of it, so that every pair
/// within the cutoff is always listed. Lengths in model Å.
/// </summary>
internal sealed unsafe class Graph(WorkerPool pool, double cutoff) : IDisposable
{
    /// <summary>
    /// Most of the way is gone in the first iteration, after which a list with this skin usually lasts; a thinner one is rebuilt
    /// every time, a thicker one has more pairs to skip.
    /// </summary>
    public const double Skin = 0.4;

    private readonly NeighborListBuilder _builder = new(pool);
    private readonly NativeBuffer<double> _builtAt = new();

    private bool _valid;

    public double Cutoff => cutoff;

    public NeighborList List { get; } = new();

    /// <summary>The next positions have nothing to do with the last.</summary>
    public void Invalidate() => _valid = false;

    /// <summary>Builds the list if it has to be; returns whether it was.</summary>
    public bool Prepare(ParticleView particles)
    {
        if (_valid && !HasMoved(particles))
            return false;
        _valid = false;
        _builder.Build(particles, cutoff + Skin, List);
        _builtAt.Resize(3L * particles.Count);
        new ReadOnlySpan<double>(particles.Positions, 3 * particles.Count).CopyTo(_builtAt.Span);
        _valid = true;
        return true;
    }

    public void Dispose()
    {
        _builder.Dispose();
        _builtAt.Dispose();
        List.Dispose();
    }

    private bool HasMoved(ParticleView particles)
    {
        const double Allowed = Skin * Skin / 4;
        double* now = particles.Positions, then = _builtAt.Pointer;
        for (int i = 0; i < particles.Count; i++, now += 3, then += 3)
        {
            double x = now[0] - then[0], y = now[1] - then[1], z = now[2] - then[2];
            if (x * x + y * y + z * z > Allowed)
                return true;
        }

        return false;
    }
}
