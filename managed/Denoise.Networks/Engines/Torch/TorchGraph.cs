using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Torch;

/// <summary>
/// The graph that a module gets: owned atoms first, edges by receiver. Images that were made here are edges from their owners. Ghosts of a
/// host are atoms of their own, as many of them as can be seen from an owned atom along as many edges as the module has layers, with all
/// edges on the way: then the rows of the owned atoms are right without an exchange between layers.
/// </summary>
/// <param name="cutoff">model Å</param>
/// <param name="layers">of the module</param>
/// <param name="takesShifts">see <see cref="Models.TorchScriptModel.TakesShifts"/></param>
/// <param name="pool">threads, borrowed</param>
/// <param name="grid">to sort atoms with, borrowed</param>
internal sealed unsafe class TorchGraph(double cutoff, int layers, bool takesShifts, WorkerPool pool, CellGrid grid) : IDisposable
{
    private readonly NeighborListBuilder _builder = new(pool, grid);
    private readonly NeighborList _ofAll = new();

    // Atom of a node of the graph, and node of an atom or ghost; -1: none.
    private readonly NativeBuffer<int> _atoms = new();
    private readonly NativeBuffer<int> _nodes = new();

    // [edges, 2] sender and receiver, until their number is known.
    private readonly NativeBuffer<int> _ends = new();

    public int AtomCount { get; private set; }

    public long EdgeCount { get; private set; }

    /// <summary>[atoms, 3]</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[atoms]</summary>
    public NativeBuffer<long> Species { get; } = new();

    /// <summary>[2, edges] senders, then receivers.</summary>
    public NativeBuffer<long> Edges { get; } = new();

    /// <summary>[edges, 3] from sender to receiver, or shifts.</summary>
    public NativeBuffer<double> Vectors { get; } = new();

    public long MemoryBytes => _builder.MemoryBytes + _ofAll.MemoryBytes + _atoms.CapacityBytes + _nodes.CapacityBytes
        + _ends.CapacityBytes + Positions.CapacityBytes + Species.CapacityBytes + Edges.CapacityBytes + Vectors.CapacityBytes;

    public void Build(ParticleView particles, int* species, NeighborList neighbors, IHalo halo)
    {
        _atoms.Resize(particles.Count + 1);
        _nodes.Resize(particles.Count + 1);
        AtomCount = particles.LocalCount;
        for (int i = 0; i < particles.LocalCount; i++)
            (_atoms[i], _nodes[i]) = (i, i);
        if (halo.TryGetOwners(out int* owners) || particles.GhostCount == 0)
        {
            for (int g = 0; g < particles.GhostCount; g++)
                _nodes[particles.LocalCount + g] = owners[g];
            Collect(AtomCount, neighbors, particles.Positions);
        }
        else
        {
            _builder.Build(new(particles.Positions, particles.Count, 0), cutoff, _ofAll, forSums: true);
            for (int i = particles.LocalCount; i < particles.Count; i++)
                _nodes[i] = -1;
            int receivers = Spread(particles.Positions);
            Collect(receivers, _ofAll, particles.Positions);
        }

        Fill(particles.Positions, species);
    }

    public void Dispose()
    {
        _builder.Dispose();
        _ofAll.Dispose();
        _atoms.Dispose();
        _nodes.Dispose();
        _ends.Dispose();
        Positions.Dispose();
        Species.Dispose();
        Edges.Dispose();
        Vectors.Dispose();
    }

    /// <summary>
    /// Finds the atoms that are seen, layer by layer; the number of those that receive, which come first. What lies on the last ring
    /// only sends.
    /// </summary>
    private int Spread(double* r)
    {
        int begin = 0, end = AtomCount;
        for (int ring = 0; ring < layers; ring++)
        {
            int seen = end;
            for (int node = begin; node < end; node++)
            {
                int atom = _atoms[node];
                NeighborRow row = _ofAll[atom];
                for (int k = 0; k < row.Count; k++)
                {
                    int other = row[k];
                    if (_nodes[other] >= 0 || !IsEdge(r, atom, other, out _))
                        continue;
                    (_nodes[other], _atoms[seen]) = (seen, other);
                    seen++;
                }
            }

            (begin, end) = (end, seen);
        }

        AtomCount = end;
        return begin;
    }

    private void Collect(int receivers, NeighborList neighbors, double* r)
    {
        long most = 0;
        for (int node = 0; node < receivers; node++)
            most += neighbors[_atoms[node]].Count;
        // One more than needed, so that there is a pointer where there are no edges.
        Vectors.Resize(3 * most + 3);
        _ends.Resize(2 * most + 1);
        EdgeCount = 0;
        for (int node = 0; node < receivers; node++)
        {
            int atom = _atoms[node];
            NeighborRow row = neighbors[atom];
            for (int k = 0; k < row.Count; k++)
            {
                if (!IsEdge(r, atom, row[k], out Vec3 vector))
                    continue;
                int sender = _nodes[row[k]];
                if (takesShifts)
                    vector -= Between(r, _atoms[sender], atom);
                (Vectors[3 * EdgeCount], Vectors[3 * EdgeCount + 1], Vectors[3 * EdgeCount + 2]) = (vector.X, vector.Y, vector.Z);
                (_ends[2 * EdgeCount], _ends[2 * EdgeCount + 1]) = (sender, node);
                EdgeCount++;
            }
        }

        Edges.Resize(2 * EdgeCount + 1);
        for (long edge = 0; edge < EdgeCount; edge++)
            (Edges[edge], Edges[EdgeCount + edge]) = (_ends[2 * edge], _ends[2 * edge + 1]);
    }

    private void Fill(double* r, int* species)
    {
        Positions.Resize(3L * AtomCount + 3);
        Species.Resize(AtomCount + 1);
        for (int node = 0; node < AtomCount; node++)
        {
            int atom = _atoms[node];
            Species[node] = species[atom];
            for (int axis = 0; axis < 3; axis++)
                Positions[3L * node + axis] = r[3L * atom + axis];
        }
    }

    private bool IsEdge(double* r, int receiver, int sender, out Vec3 vector)
    {
        vector = Between(r, sender, receiver);
        return Vec3.Dot(vector, vector) < cutoff * cutoff;
    }

    private static Vec3 Between(double* r, int from, int to) =>
        new(r[3L * to] - r[3L * from], r[3L * to + 1] - r[3L * from + 1], r[3L * to + 2] - r[3L * from + 2]);
}
