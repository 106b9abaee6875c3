using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>
/// The neighbors of every owned atom: single precision decides but for pairs near the cutoff, which double precision settles. Rows are
/// in the order of the cells. One thread per sorted atom.
/// </summary>
public static class ListKernel
{
    /// <param name="s">grid, cutoff, room in a row</param>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="starts">[1 + cells]</param>
    /// <param name="sites">[atoms] sorted</param>
    /// <param name="list">[owned, Stride] receives the neighbors, as many as have room</param>
    /// <param name="lengths">[owned] receives their numbers, also if there is no room</param>
    /// <param name="largest">[1] receives the largest of them</param>
    public static void Run(SearchArguments s, ArrayView<double> positions, ArrayView<int> starts, ArrayView<Site> sites,
        ArrayView<int> list, ArrayView<int> lengths, ArrayView<int> largest)
    {
        int place = Grid.IdxX * Group.DimX + Group.IdxX;
        if (place >= starts[s.Grid.CountX * s.Grid.CountY * s.Grid.CountZ])
            return;
        Site site = sites[place];
        if (site.Atom >= s.Grid.Local)
            return;
        CellRange range = CellRange.Around(s.Grid, site, 1);
        long row = (long)site.Atom * s.Stride;
        int count = 0;
        for (int z = range.Z0; z <= range.Z1; z++)
            for (int y = range.Y0; y <= range.Y1; y++)
            {
                int line = (z * s.Grid.CountY + y) * s.Grid.CountX;
                int end = starts[line + range.X1 + 1];
                for (int k = starts[line + range.X0]; k < end; k++)
                {
                    Site other = sites[k];
                    float square = Distance.Squared(site, other);
                    if (square < s.Outside && k != place
                        && (square < s.Inside || Distance.Exact(positions, site.Atom, other.Atom) < s.CutoffSquared))
                    {
                        if (count < s.Stride)
                            list[row + count] = other.Atom;
                        count++;
                    }
                }
            }

        lengths[site.Atom] = count;
        if (count > largest[0])
            Atomic.Max(ref largest[0], count);
    }
}
