namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// A triangulated sphere written as a number, and its corners in the order in which they were reached. Walking from triangle to
/// triangle, every step is one of five: its third corner is new (C), or else its neighbors to the right, to the left, on both sides
/// or on neither have been visited (R, L, E, S). The sequence tells the whole mesh (Rossignac, Edgebreaker,
/// doi:10.1109/2945.764870): C takes one bit, the others three, and so 28 triangles 55 bits. Equal numbers are equal meshes, and
/// corners that were reached at the same time correspond.
/// </summary>
internal static unsafe class MeshCode
{
    /// <summary>Of a mesh that is no sphere.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>Walks over a whole hull.</summary>
    /// <param name="hull">to walk over</param>
    /// <param name="from">corner to start at</param>
    /// <param name="to">the next corner: the first triangle lies to the left</param>
    /// <param name="corners">[corners] receives them in order</param>
    /// <param name="count">corners of the mesh</param>
    public static ulong Walk(TriangulatedHull hull, int from, int to, byte* corners, int count)
    {
        byte* branches = stackalloc byte[2 * TriangulatedHull.MostFacets];
        int waiting = 0;
        (int facet, int apex) = hull.Left(from, to);
        ulong visited = 1ul << facet, code = 1;
        uint reached = 1u << from | 1u << to | 1u << apex;
        (corners[0], corners[1], corners[2]) = ((byte)from, (byte)to, (byte)apex);
        int known = 3;
        // The first triangle's boundary is walked from the edge behind its first.
        (from, to) = (to, from);
        for (int left = hull.FacetCount - 1; left > 0; left--)
        {
            (facet, apex) = hull.Left(from, to);
            visited |= 1ul << facet;
            if ((reached >> apex & 1) == 0)
            {
                if (known == count)
                    return None;
                reached |= 1u << apex;
                corners[known++] = (byte)apex;
                code <<= 1;
                from = apex;
                continue;
            }

            int right = (int)(visited >> hull.Left(apex, to).Facet & 1), other = (int)(visited >> hull.Left(from, apex).Facet & 1);
            code = code << 3 | 4u | (uint)(right << 1) | (uint)other;
            if (right == 0)
            {
                if (other == 0)
                {
                    if (waiting == TriangulatedHull.MostFacets)
                        return None;
                    branches[2 * waiting] = (byte)from;
                    branches[2 * waiting++ + 1] = (byte)apex;
                }

                from = apex;
            }
            else if (other == 0)
            {
                to = apex;
            }
            else if (left > 1)
            {
                if (waiting == 0)
                    return None;
                from = branches[2 * --waiting];
                to = branches[2 * waiting + 1];
            }
        }

        return known == count ? code : None;
    }
}
