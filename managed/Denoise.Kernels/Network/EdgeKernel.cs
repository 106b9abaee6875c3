using Denoise.Devices.Arguments;
using Denoise.Kernels.Numbers;
using ILGPU;
using ILGPU.Algorithms;

namespace Denoise.Kernels.Network;

/// <summary>
/// Finds the edges of a chunk of atoms: the listed neighbors within the cutoff, each as its direction e (the unit vector from the
/// sender to the receiver) and its place u = r / (r + a) in the radial tables, in the order of the list. One thread per atom.
/// </summary>
public static class EdgeKernel
{
    /// <param name="s">scalars</param>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="list">neighbors</param>
    /// <param name="starts">[atoms] where rows begin, if <see cref="EdgeArguments.ListStride"/> is 0</param>
    /// <param name="lengths">[atoms] of the rows</param>
    /// <param name="owners">[ghosts] the atoms that ghosts are images of</param>
    /// <param name="species">[atoms]</param>
    /// <param name="active">atoms that are evaluated, see <see cref="ActiveAtom"/></param>
    /// <param name="edges">[chunk, EdgeStride] receives e and u</param>
    /// <param name="sources">[chunk, EdgeStride] receives the rows of the senders' features</param>
    /// <param name="counts">[chunk] receives the numbers of edges</param>
    public static void Run(EdgeArguments s, ArrayView<double> positions, ArrayView<int> list, ArrayView<long> starts,
        ArrayView<int> lengths, ArrayView<int> owners, ArrayView<int> species, ArrayView<int> active, ArrayView<Float4> edges,
        ArrayView<int> sources, ArrayView<int> counts)
    {
        int atom = Grid.IdxX * Group.DimX + Group.IdxX;
        if (atom >= s.Atoms)
            return;
        int i = ActiveAtom.At(active, s.First + atom);
        double x = positions[3L * i], y = positions[3L * i + 1], z = positions[3L * i + 2];
        long row = s.ListStride > 0 ? (long)i * s.ListStride : starts[i];
        long first = (long)atom * s.EdgeStride;
        int length = lengths[i], count = 0;
        for (int k = 0; k < length; k++)
        {
            int j = list[row + k];
            float dx = (float)(x - positions[3L * j]), dy = (float)(y - positions[3L * j + 1]), dz = (float)(z - positions[3L * j + 2]);
            float square = dx * dx + dy * dy + dz * dz;
            if (square < s.CutoffSquared)
            {
                float r = XMath.Sqrt(square);
                // Two atoms in one place have no direction: e3nn's harmonics of degree above 0 are then zero.
                float inverse = 1 / IntrinsicMath.Max(r, 1e-12f);
                edges[first + count] = new() { X = dx * inverse, Y = dy * inverse, Z = dz * inverse, W = r / (r + s.Offset) };
                int source = j;
                if (s.SourceKind == 2)
                    source = species[j];
                else if (s.SourceKind == 1 && j >= s.Local)
                    source = owners[j - s.Local];
                sources[first + count] = source;
                count++;
            }
        }

        counts[atom] = count;
    }
}
