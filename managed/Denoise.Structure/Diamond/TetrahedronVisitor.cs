using Denoise.Neighbors;

namespace Denoise.Structure.Diamond;

/// <summary>Keeps the four nearest neighbors of an atom.</summary>
/// <param name="tetrahedra">[nLocal] receives them</param>
/// <param name="indices">[nLocal, 4] receives which atoms they are</param>
internal readonly unsafe struct TetrahedronVisitor(Tetrahedron* tetrahedra, int* indices) : INearestVisitor
{
    public bool Visit(int atom, in NearestNeighbors nearest, int worker)
    {
        int count = Math.Min(nearest.Count, Tetrahedron.Corners);
        double reach = count > 0 ? nearest.Squares[count - 1] : 0;
        double tied = reach * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance);
        bool isWhole = count == Tetrahedron.Corners;
        if (!nearest.IsFinal && (!isWhole || (nearest.Count == count && nearest.Beyond <= tied)))
            return false;
        if (isWhole)
            isWhole = (nearest.Count > count ? nearest.Squares[count] : nearest.Beyond) > tied;
        tetrahedra[atom] = default;
        tetrahedra[atom].SetReach(reach, isWhole);
        for (int k = 0; k < count; k++)
        {
            tetrahedra[atom].Set(k, nearest.X[k], nearest.Y[k], nearest.Z[k]);
            indices[4L * atom + k] = nearest.Index(k);
        }

        return true;
    }
}
