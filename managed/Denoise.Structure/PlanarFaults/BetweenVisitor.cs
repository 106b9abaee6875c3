using System.Runtime.CompilerServices;
using Denoise.Atoms;
using Denoise.Neighbors;

namespace Denoise.Structure.PlanarFaults;

/// <summary>
/// Gives fcc atoms that lie between two parallel hcp layers the normal of these: two or more of their neighbors above are in such a
/// layer, and as many below.
/// </summary>
/// <param name="planes">[nLocal + nGhost] structures, and normals of hcp atoms; receives those of fcc atoms</param>
internal readonly unsafe struct BetweenVisitor(CrystalPlane* planes) : INearestVisitor
{
    private const int Fewest = 2;

    // Neighbors in other layers are this far above or below, in their distances; those of the own layer are near zero.
    private const double HalfHeight = 0.40824829046386302;

    public bool Visit(int atom, in NearestNeighbors nearest, int worker)
    {
        if (!planes[atom].IsFcc)
            return true;
        if (nearest.Count < HcpShell.Count)
            return nearest.IsFinal;
        for (int k = 0; k < HcpShell.Count; k++)
        {
            // Any of the hcp neighbors can tell the layers.
            ref readonly CrystalPlane plane = ref planes[nearest.Index(k)];
            if (plane.IsHcp && IsBetween(nearest, plane))
            {
                planes[atom].Normal = plane.Normal;
                return true;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsBetween(in NearestNeighbors nearest, in CrystalPlane plane)
    {
        int above = 0, below = 0;
        Vec3 normal = plane.Normal;
        for (int k = 0; k < HcpShell.Count; k++)
        {
            ref readonly CrystalPlane other = ref planes[nearest.Index(k)];
            if (!other.IsHcp || !other.IsParallelTo(plane))
                continue;
            double height = Vec3.Dot(normal, new(nearest.X[k], nearest.Y[k], nearest.Z[k])) / Math.Sqrt(nearest.Squares[k]);
            if (height > HalfHeight)
                above++;
            else if (height < -HalfHeight)
                below++;
        }

        return above >= Fewest && below >= Fewest;
    }
}
