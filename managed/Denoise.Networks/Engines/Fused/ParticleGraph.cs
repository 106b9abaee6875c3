using System.Runtime.CompilerServices;
using Denoise.Neighbors;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// A frame as a fused network reads it, straight from the neighbor list: pairs beyond the cutoff, which its skin holds, are passed
/// over. Images of owned atoms are read where their owners are; ghosts of others have rows of their own.
/// </summary>
internal sealed unsafe class ParticleGraph(double cutoff) : FusedGraph
{
    private ParticleView _particles;
    private int* _species;
    private int* _owners;
    private double* _forces;
    private NeighborList _neighbors = null!;

    public override int AtomCount => _particles.LocalCount;

    public override int RowCount => _owners == null ? _particles.Count : _particles.LocalCount;

    public override int* Species => _species;

    public override double* Forces => _forces;

    public override double ShortestEdge => 0;

    /// <param name="particles">owned atoms and ghosts, model Å</param>
    /// <param name="species">of both</param>
    /// <param name="neighbors">full list over the owned atoms</param>
    /// <param name="owners">[ghosts] of images; null: the ghosts have rows</param>
    /// <param name="forces">[owned, 3] that the network is told; null: none</param>
    public void Bind(ParticleView particles, int* species, NeighborList neighbors, int* owners, double* forces = null)
    {
        _forces = forces;
        (_particles, _neighbors) = (particles, neighbors);
        _species = species;
        _owners = owners;
    }

    public override bool IsEnd(int atom, int place) => place >= _neighbors[atom].Count;

    [SkipLocalsInit]
    public override int Read(int atom, ref int place, EdgeScratch edges)
    {
        NeighborRow row = _neighbors[atom];
        double* r = _particles.Positions + 3L * atom;
        double limit = cutoff * cutoff;
        int count = 0, k = place;
        for (; k < row.Count && count < EdgeScratch.Capacity; k++)
        {
            int j = row[k];
            double* other = _particles.Positions + 3L * j;
            double x = r[0] - other[0], y = r[1] - other[1], z = r[2] - other[2];
            if (x * x + y * y + z * z >= limit)
                continue;
            (edges.X[count], edges.Y[count], edges.Z[count]) = ((float)x, (float)y, (float)z);
            edges.Neighbors[count++] = _owners != null && j >= _particles.LocalCount ? _owners[j - _particles.LocalCount] : j;
        }

        place = k;
        return count;
    }
}
