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
    /// Fills the rows, four at a time. Stops, and returns false, where neighbors have numbers of bonds that are not allowed: a
    /// disordered atom costs few rows.
    /// </summary>
    /// <param name="narrow">[3, 16] what <see cref="Narrow"/> made of the coordinates</param>
    /// <param name="x">[count] coordinates relative to the central atom, Å</param>
    /// <param name="y">as x</param>
    /// <param name="z">as x</param>
    /// <param name="count">number of neighbors, 4 to 16</param>
    /// <param name="farthest">squared distance of the farthest neighbor, Å^2</param>
    /// <param name="cutoffSquared">Å^2</param>
    /// <param name="allowed">numbers of bonds that the neighbors may have</param>
    /// <param name="rows">[16] receives the bit masks</param>
    public static bool Fill(float* narrow, double* x, double* y, double* z, int count, double farthest, double cutoffSquared,
        AllowedBonds allowed, ushort* rows)
    {
        Vector256<ushort>.Zero.Store(rows);
        if (farthest > LargestRatio * LargestRatio * cutoffSquared || !(cutoffSquared is > 1e-30 and < 1e30))
            return FillExactly(x, y, z, count, cutoffSquared, allowed, rows);

        bool isAllowed = Vector512.IsHardwareAccelerated
            ? Fill512(narrow, count, (float)cutoffSquared, allowed, rows, out bool isDecided)
            : Fill256(narrow, count, (float)cutoffSquared, allowed, rows, out isDecided);
        return isDecided ? isAllowed : FillExactly(x, y, z, count, cutoffSquared, allowed, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fill512(float* r, int count, float cutoff, AllowedBonds allowed, ushort* rows, out bool isDecided)
    {
        Vector512<float> x = Vector512.Load(r), y = Vector512.Load(r + Capacity), z = Vector512.Load(r + 2 * Capacity);
        Vector512<float> limit = Vector512.Create(cutoff), nearest = Vector512.Create(float.PositiveInfinity);
        uint valid = (1u << count) - 1, numbers = 0;
        bool isAllowed = true;
        for (int done = 0; done < count && isAllowed; done += 4)
        {
            // The last four begin where there are as many: some rows are filled twice.
            int first = Math.Min(done, count - 4);
            for (int a = first; a < first + 4; a++)
            {
                Vector512<float> dx = x - Vector512.Create(r[a]), dy = y - Vector512.Create(r[a + Capacity]);
                Vector512<float> dz = z - Vector512.Create(r[a + 2 * Capacity]);
                Vector512<float> square = Vector512.MultiplyAddEstimate(dz, dz, Vector512.MultiplyAddEstimate(dy, dy, dx * dx));
                nearest = Vector512.MinNative(Vector512.Abs(square - limit), nearest);
                uint row = (uint)Vector512.LessThan(square, limit).ExtractMostSignificantBits() & valid & ~(1u << a);
                rows[a] = (ushort)row;
                numbers |= 1u << BitOperations.PopCount(row);
            }

            isAllowed = allowed.Permits(numbers);
        }

        isDecided = (Vector512.LessThanOrEqual(nearest, Vector512.Create(Band * cutoff)).ExtractMostSignificantBits() & valid) == 0;
        return isAllowed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fill256(float* r, int count, float cutoff, AllowedBonds allowed, ushort* rows, out bool isDecided)
    {
        Vector256<float> x0 = Vector256.Load(r), x1 = Vector256.Load(r + 8);
        Vector256<float> y0 = Vector256.Load(r + 16), y1 = Vector256.Load(r + 24);
        Vector256<float> z0 = Vector256.Load(r + 32), z1 = Vector256.Load(r + 40);
        Vector256<float> limit = Vector256.Create(cutoff), band = Vector256.Create(Band * cutoff);
        Vector256<float> nearest0 = Vector256.Create(float.PositiveInfinity), nearest1 = nearest0;
        uint valid = (1u << count) - 1, numbers = 0;
        bool isAllowed = true;
        for (int done = 0; done < count && isAllowed; done += 4)
        {
            int first = Math.Min(done, count - 4);
            for (int a = first; a < first + 4; a++)
            {
                Vector256<float> xa = Vector256.Create(r[a]), ya = Vector256.Create(r[a + 16]), za = Vector256.Create(r[a + 32]);
                Vector256<float> square0 = Square(x0 - xa, y0 - ya, z0 - za), square1 = Square(x1 - xa, y1 - ya, z1 - za);
                nearest0 = Vector256.MinNative(Vector256.Abs(square0 - limit), nearest0);
                nearest1 = Vector256.MinNative(Vector256.Abs(square1 - limit), nearest1);
                uint row = Vector256.LessThan(square0, limit).ExtractMostSignificantBits()
                    | Vector256.LessThan(square1, limit).ExtractMostSignificantBits() << 8;
                row &= valid & ~(1u << a);
                rows[a] = (ushort)row;
                numbers |= 1u << BitOperations.PopCount(row);
            }

            isAllowed = allowed.Permits(numbers);
        }

        uint near = Vector256.LessThanOrEqual(nearest0, band).ExtractMostSignificantBits()
            | Vector256.LessThanOrEqual(nearest1, band).ExtractMostSignificantBits() << 8;
        isDecided = (near & valid) == 0;
        return isAllowed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Square(Vector256<float> x, Vector256<float> y, Vector256<float> z) =>
        Vector256.MultiplyAddEstimate(z, z, Vector256.MultiplyAddEstimate(y, y, x * x));

    private static bool FillExactly(double* x, double* y, double* z, int count, double cutoffSquared, AllowedBonds allowed, ushort* rows)
    {
        uint numbers = 0;
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
            numbers |= 1u << BitOperations.PopCount(row);
        }

        return allowed.Permits(numbers);
    }
}
