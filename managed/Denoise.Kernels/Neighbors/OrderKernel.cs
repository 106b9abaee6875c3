using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>
/// Last pass of the counting sort: the atoms of a cell in ascending order, so that nothing depends on which thread came first, and their
/// coordinates in steps. One thread per cell.
/// </summary>
public static class OrderKernel
{
    /// <param name="s">the grid</param>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="starts">[1 + cells] first places of the cells</param>
    /// <param name="order">[atoms] sorted cell by cell</param>
    /// <param name="sites">[atoms] receives the sorted atoms</param>
    public static void Run(GridArguments s, ArrayView<double> positions, ArrayView<int> starts, ArrayView<int> order, ArrayView<Site> sites)
    {
        int cell = Grid.IdxX * Group.DimX + Group.IdxX;
        if (cell >= s.CountX * s.CountY * s.CountZ)
            return;
        int begin = starts[cell], end = starts[cell + 1];
        for (int k = begin + 1; k < end; k++)
        {
            int atom = order[k], place = k;
            while (place > begin && order[place - 1] > atom)
            {
                order[place] = order[place - 1];
                place--;
            }

            order[place] = atom;
        }

        for (int k = begin; k < end; k++)
        {
            int atom = order[k];
            sites[k] = new()
            {
                X = (int)((positions[3L * atom] - s.OriginX) * s.StepsPerLength),
                Y = (int)((positions[3L * atom + 1] - s.OriginY) * s.StepsPerLength),
                Z = (int)((positions[3L * atom + 2] - s.OriginZ) * s.StepsPerLength),
                Atom = atom,
            };
        }
    }
}
