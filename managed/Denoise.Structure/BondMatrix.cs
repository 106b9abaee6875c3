using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Structure;

/// <summary>Which of the neighbors of an atom are bonded to each other, as one bit mask per neighbor.</summary>
internal static unsafe class BondMatrix
{
    /// <summary>
    /// Sets bit b of adjacency[a] where |r_b - r_a|^2 &lt; cutoff^2, a and b &lt; count. Stops, and returns false, at the first
    /// neighbor with a number of bonds that is not among those allowed: a disordered atom costs a row or two.
    /// </summary>
    /// <param name="x">[count, readable to a multiple of 4] coordinates relative to anything</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">number of neighbors, at most 16</param>
    /// <param name="cutoffSquared">Å^2</param>
    /// <param name="allowed">bit n set where a neighbor may have n bonds</param>
    /// <param name="adjacency">[count] bit masks</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fill(double* x, double* y, double* z, int count, double cutoffSquared, uint allowed, uint* adjacency)
    {
        Vector256<double> cutoff = Vector256.Create(cutoffSquared);
        uint all = (1u << count) - 1;
        for (int a = 0; a < count; a++)
        {
            Vector256<double> xa = Vector256.Create(x[a]), ya = Vector256.Create(y[a]), za = Vector256.Create(z[a]);
            uint row = 0;
            for (int b = 0; b < count; b += 4)
            {
                Vector256<double> dx = Vector256.Load(x + b) - xa, dy = Vector256.Load(y + b) - ya, dz = Vector256.Load(z + b) - za;
                row |= Vector256.LessThan(dx * dx + dy * dy + dz * dz, cutoff).ExtractMostSignificantBits() << b;
            }

            row &= all & ~(1u << a);
            adjacency[a] = row;
            if ((allowed >> System.Numerics.BitOperations.PopCount(row) & 1) == 0)
                return false;
        }

        return true;
    }
}
