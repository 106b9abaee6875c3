using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// The edges of a neighbor list that are shorter than the cutoff. An edge carries a message from its source, which may be a
/// ghost, to its target, an owned atom, along the vector r_target - r_source. Edges of one target are neighbors in the list.
/// </summary>
public sealed unsafe class ReferenceGraph : IDisposable
{
    private readonly NativeBuffer<Vec3> _vectors = new();
    private readonly NativeBuffer<int> _sources = new();
    private readonly NativeBuffer<int> _targets = new();

    /// <summary>Owned atoms: those that receive messages.</summary>
    public int LocalCount { get; private set; }

    /// <summary>Owned and ghost atoms: those that send messages.</summary>
    public int AtomCount { get; private set; }

    public long EdgeCount => _sources.Length;

    public long MemoryBytes => _vectors.CapacityBytes + _sources.CapacityBytes + _targets.CapacityBytes;

    public int Source(long edge) => _sources[edge];

    public int Target(long edge) => _targets[edge];

    /// <summary>r_target - r_source in model Å.</summary>
    public Vec3 Vector(long edge) => _vectors[edge];

    public void Build(ParticleView particles, NeighborList neighbors, double cutoff)
    {
        if (neighbors.AtomCount != particles.LocalCount)
            throw new ArgumentException($"the list has rows for {neighbors.AtomCount} atoms, not {particles.LocalCount}", nameof(neighbors));
        if (neighbors.Cutoff < cutoff)
            throw new ArgumentException($"the list ends at {neighbors.Cutoff} Å, before the cutoff of {cutoff} Å", nameof(neighbors));

        (LocalCount, AtomCount) = (particles.LocalCount, particles.Count);
        _vectors.Resize(neighbors.PairCount);
        _sources.Resize(neighbors.PairCount);
        _targets.Resize(neighbors.PairCount);
        long edges = 0;
        for (int target = 0; target < LocalCount; target++)
            foreach (int source in neighbors[target].Span)
            {
                Vec3 vector = Position(particles, target) - Position(particles, source);
                if (Vec3.Dot(vector, vector) >= cutoff * cutoff)
                    continue;
                (_sources[edges], _targets[edges], _vectors[edges]) = (source, target, vector);
                edges++;
            }

        _vectors.Resize(edges);
        _sources.Resize(edges);
        _targets.Resize(edges);
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _sources.Dispose();
        _targets.Dispose();
    }

    private static Vec3 Position(ParticleView particles, int atom)
    {
        double* r = particles.Positions + 3L * atom;
        return new(r[0], r[1], r[2]);
    }
}
