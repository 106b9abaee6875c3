using Denoise.Atoms;
using Denoise.Neighbors;

namespace Denoise.Structure.PlanarFaults;

/// <summary>Names the structure of an atom and sorts the neighbors of hcp atoms.</summary>
/// <param name="planes">[nLocal] receives structures, and normals of hcp atoms</param>
/// <param name="shells">[nLocal, 12] receives the neighbors of hcp atoms that have a normal</param>
internal readonly unsafe struct PlaneVisitor(CrystalPlane* planes, int* shells) : INearestVisitor
{
    public bool Visit(int atom, in NearestNeighbors nearest, int worker)
    {
        bool isDecided = AdaptiveCommonNeighborAnalysis.TryIdentify(nearest, out StructureType type);
        planes[atom] = new(type);
        if (type == StructureType.Hcp && HcpShell.TrySort(nearest, shells + (long)HcpShell.Count * atom, out Vec3 normal))
            planes[atom].Normal = normal;
        return isDecided;
    }
}
