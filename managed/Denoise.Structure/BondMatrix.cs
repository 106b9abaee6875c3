using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Denoise.Structure;

/// <summary>
/// Which of the neighbors of an atom are bonded to each other, as one bit mask per neighbor: bit b of row a where
/// |r_b - r_a|^2 &lt; cutoff^2 in double precision. Found in single precision; if a pair is too near the cutoff for that, all are
/// computed again in double precision, about one atom in a thousand.
/// </summary>
internal static unsafe class BondMatrix
{
    /// <summary>Rows of a matrix; those of absent neighbors are zero.</summary>
    public const int Capacity = 16;

    // Coordinates r relative to the central atom are rounded by 2^-24 |r|. Neighbors of one shell or two lie within 2.5 bond
    // lengths, so a squared distance near cutoff^2 is off by less than 2 √3 cutoff 2 (2.5 cutoff) 2^-24 + ... = 1.3e-6 cutoff^2.
    // Atoms further away than that (a loose atom's neighbors) are left to double precision.
    private const float Band = 4e-6f;
    private const double LargestRatio = 2.5;

    /// <summary>Coordinates in single precision, as <see cref="Fill"/> wants them.</summary>
    /// <param name="x">[readable to 16] coordinates relative to the central atom, Å</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="narrow">[3, 16] receives x, y, z</param>
    public static void Narrow(double* x, double* y, double* z, float* narrow)
    {
        for (int k = 0; k < Capacity; k += 8)
        {
            Vector256.Narrow(Vector256.Load(x + k), Vector256.Load(x + k + 4)).Store(narrow + k);
            Vector256.Narrow(Vector256.Load(y + k), Vector256.Load(y + k + 4)).Store(narrow + Capacity + k);
            Vector256.Narrow(Vector256.Load(z + k), Vector256.Load(z + k + 4)).Store(narrow + 2 * Capacity + k);
        }
    }

    /// <summary>
    /// Fills the rows. Stops, and returns false, at the first neighbor with a number of bonds that is not allowed: a disordered
    /// atom costs a row or two.
    /// </summary>
    /// <param name="narrow">[3, 16] what <see cref="Narrow"/> made of the coordinates</param>
    /// <param name="x">[count] coordinates relative to the central atom, Å</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">number of neighbors, at most 16</param>
    /// <param name="farthest">squared distance of the farthest neighbor, Å^2</param>
    /// <param name="cutoffSquared">Å^2</param>
    /// <param name="allowed">bit n set where a neighbor may have n bonds</param>
    /// <param name="rows">[16] receives the bit masks</param>
    public static bool Fill(float* narrow, double* x, double* y, double* z, int count, double farthest, double cutoffSquared,
        uint allowed, ushort* rows)
    {
        Vector256<ushort>.Zero.Store(rows);
        if (farthest > LargestRatio * LargestRatio * cutoffSquared || !(cutoffSquared is > 1e-30 and < 1e30))
            return FillExactly(x, y, z, count, cutoffSquared, allowed, rows);

        float inside = (float)cutoffSquared * (1 - Band), outside = (float)cutoffSquared * (1 + Band);
        bool isAllowed = Vector512.IsHardwareAccelerated
            ? Fill512(narrow, count, inside, outside, allowed, rows, out bool isDecided)
            : Fill256(narrow, count, inside, outside, allowed, rows, out isDecided);
        return isDecided ? isAllowed : FillExactly(x, y, z, count, cutoffSquared, allowed, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fill512(float* r, int count, float inside, float outside, uint allowed, ushort* rows, out bool isDecided)
    {
        Vector512<float> x = Vector512.Load(r), y = Vector512.Load(r + Capacity), z = Vector512.Load(r + 2 * Capacity);
        Vector512<float> surely = Vector512.Create(inside), perhaps = Vector512.Create(outside);
        uint valid = (1u << count) - 1, between = 0;
        bool isAllowed = true;
        for (int a = 0; a < count && isAllowed; a++)
        {
            Vector512<float> dx = x - Vector512.Create(r[a]), dy = y - Vector512.Create(r[a + Capacity]);
            Vector512<float> dz = z - Vector512.Create(r[a + 2 * Capacity]);
            Vector512<float> square = Vector512.MultiplyAddEstimate(dz, dz, Vector512.MultiplyAddEstimate(dy, dy, dx * dx));
            uint row = (uint)Vector512.LessThan(square, surely).ExtractMostSignificantBits();
            between |= row ^ (uint)Vector512.LessThan(square, perhaps).ExtractMostSignificantBits();
            row &= valid & ~(1u << a);
            rows[a] = (ushort)row;
            isAllowed = (allowed >> BitOperations.PopCount(row) & 1) != 0;
        }

        isDecided = (between & valid) == 0;
        return isAllowed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fill256(float* r, int count, float inside, float outside, uint allowed, ushort* rows, out bool isDecided)
    {
        Vector256<float> x0 = Vector256.Load(r), x1 = Vector256.Load(r + 8);
        Vector256<float> y0 = Vector256.Load(r + 16), y1 = Vector256.Load(r + 24);
        Vector256<float> z0 = Vector256.Load(r + 32), z1 = Vector256.Load(r + 40);
        Vector256<float> surely = Vector256.Create(inside), perhaps = Vector256.Create(outside);
        Vector256<float> between0 = Vector256<float>.Zero, between1 = Vector256<float>.Zero;
        uint valid = (1u << count) - 1;
        bool isAllowed = true;
        for (int a = 0; a < count && isAllowed; a++)
        {
            Vector256<float> xa = Vector256.Create(r[a]), ya = Vector256.Create(r[a + 16]), za = Vector256.Create(r[a + 32]);
            Vector256<float> square0 = Square(x0 - xa, y0 - ya, z0 - za), square1 = Square(x1 - xa, y1 - ya, z1 - za);
            Vector256<float> bonded0 = Vector256.LessThan(square0, surely), bonded1 = Vector256.LessThan(square1, surely);
            between0 |= Vector256.LessThan(square0, perhaps) ^ bonded0;
            between1 |= Vector256.LessThan(square1, perhaps) ^ bonded1;
            uint row = bonded0.ExtractMostSignificantBits() | bonded1.ExtractMostSignificantBits() << 8;
            row &= valid & ~(1u << a);
            rows[a] = (ushort)row;
            isAllowed = (allowed >> BitOperations.PopCount(row) & 1) != 0;
        }

        isDecided = ((between0.ExtractMostSignificantBits() | between1.ExtractMostSignificantBits() << 8) & valid) == 0;
        return isAllowed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Square(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(z, z, Vector256.MultiplyAddEstimate(y, y, x * x));

    private static bool FillExactly(double* x, double* y, double* z, int count, double cutoffSquared, uint allowed, ushort* rows)
    {
        for (int a = 0; a < count; a++)
        {
            uint row = 0;
            for (int b = 0; b < count; b++)
            {
                double dx = x[b] - x[a], dy = y[b] - y[a], dz = z[b] - z[a];
                if (b != a && dx * dx + dy * dy + dz * dz < cutoffSquared)
                    row |= 1u << b;
            }

            rows[a] = (ushort)row;
            if ((allowed >> BitOperations.PopCount(row) & 1) == 0)
                return false;
        }

        return true;
    }
}
