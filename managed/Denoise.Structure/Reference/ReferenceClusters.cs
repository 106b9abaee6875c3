using Denoise.Atoms;
using Denoise.Neighbors.Reference;

namespace Denoise.Structure.Reference;

/// <summary>Clusters by flooding all pairs of all images: the oracle of <see cref="Clusters.ClusterAnalysis"/>.</summary>
public static class ReferenceClusters
{
    /// <summary>The least member of every member's cluster, and where the member lies when its cluster is put together; -1: no member.</summary>
    public static (int First, Vec3 Position)[] Find(ReadOnlySpan<Vec3> positions, Box box, bool[] members, double cutoff)
    {
        var found = new (int First, Vec3 Position)[positions.Length];
        Array.Fill(found, (-1, default));
        for (int first = 0; first < positions.Length; first++)
        {
            if (!members[first] || found[first].First >= 0)
                continue;
            found[first] = (first, positions[first]);
            Queue<int> open = new([first]);
            while (open.TryDequeue(out int atom))
            {
                foreach (ReferenceNeighbors.Neighbor neighbor in ReferenceNeighbors.Within(positions, box, atom, cutoff))
                {
                    if (!members[neighbor.Index] || found[neighbor.Index].First >= 0)
                        continue;
                    found[neighbor.Index] = (first, found[atom].Position + neighbor.Vector);
                    open.Enqueue(neighbor.Index);
                }
            }
        }

        return found;
    }
}
