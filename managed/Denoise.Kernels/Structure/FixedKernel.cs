using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Structure;

/// <summary>
/// Common neighbor analysis with one cutoff, from a neighbor list within that cutoff, in double precision. One thread per owned atom.
/// </summary>
public static class FixedKernel
{
    /// <param name="s">cutoff in Å^2, room in a row</param>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="list">[owned, Stride] neighbors</param>
    /// <param name="lengths">[owned]</param>
    /// <param name="types">[owned] receives the structures</param>
    public static void Run(
        SearchArguments s, ArrayView<double> positions, ArrayView<int> list, ArrayView<int> lengths, ArrayView<int> types)
    {
        int atom = Grid.IdxX * Group.DimX + Group.IdxX;
        if (atom >= s.Grid.Local)
            return;
        int count = lengths[atom], type = 0;
        if (count == 12 || count == 14)
        {
            ArrayView<int> rows = LocalMemory.Allocate<int>(16);
            ArrayView<double> vectors = LocalMemory.Allocate<double>(48);
            double cx = positions[3L * atom], cy = positions[3L * atom + 1], cz = positions[3L * atom + 2];
            for (int k = 0; k < count; k++)
            {
                int other = list[(long)atom * s.Stride + k];
                vectors[k] = positions[3L * other] - cx;
                vectors[k + 16] = positions[3L * other + 1] - cy;
                vectors[k + 32] = positions[3L * other + 2] - cz;
            }

            for (int a = 0; a < count; a++)
            {
                int row = 0;
                for (int b = 0; b < count; b++)
                {
                    double x = vectors[b] - vectors[a], y = vectors[b + 16] - vectors[a + 16], z = vectors[b + 32] - vectors[a + 32];
                    if (b != a && x * x + y * y + z * z < s.CutoffSquared)
                        row |= 1 << b;
                }

                rows[a] = row;
            }

            type = count == 12 ? Signatures.OfTwelve(rows) : Signatures.OfFourteen(rows);
        }

        types[atom] = type;
    }
}
