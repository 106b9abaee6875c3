using Denoise.Devices.Arguments;
using Denoise.Kernels.Neighbors;
using ILGPU;
using ILGPU.Algorithms;

namespace Denoise.Kernels.Structure;

/// <summary>
/// Adaptive common neighbor analysis in single precision. An atom whose label depends on a difference that single precision does not
/// resolve, or on atoms further than the radius, is left to <see cref="ExactAdaptiveKernel"/>. One thread per sorted atom.
/// Formulas at Denoise.Structure's AdaptiveCommonNeighborAnalysis.
/// </summary>
public static class AdaptiveKernel
{
    private const int Capacity = NearestKeys.NumberMask + 1;

    // What a key has lost.
    private const float KeyRounding = 4e-6f;
    private const float Halfway = 1.20710678118654752f;
    private const float ShellRatio = 1.15470053837925153f;

    /// <param name="s">grid, range, radius</param>
    /// <param name="starts">[1 + cells]</param>
    /// <param name="sites">[atoms] sorted</param>
    /// <param name="types">[owned] receives the structures</param>
    /// <param name="undecided">[1 + owned] receives the number of atoms left over, and their places</param>
    public static void Run(
        SearchArguments s, ArrayView<int> starts, ArrayView<Site> sites, ArrayView<int> types, ArrayView<int> undecided)
    {
        int place = Grid.IdxX * Group.DimX + Group.IdxX;
        if (place >= starts[s.Grid.CountX * s.Grid.CountY * s.Grid.CountZ])
            return;
        Site site = sites[place];
        if (site.Atom >= s.Grid.Local)
            return;
        ArrayView<int> candidates = LocalMemory.Allocate<int>(Capacity);
        ArrayView<int> sorted = LocalMemory.Allocate<int>(16);
        CellRange range = CellRange.Around(s.Grid, site, 1);
        NearestKeys nearest = NearestKeys.None;
        int count = 0, atEdge = 0;
        for (int z = range.Z0; z <= range.Z1; z++)
            for (int y = range.Y0; y <= range.Y1; y++)
            {
                int line = (z * s.Grid.CountY + y) * s.Grid.CountX;
                int end = starts[line + range.X1 + 1];
                for (int k = starts[line + range.X0]; k < end; k++)
                {
                    float square = Distance.Squared(site, sites[k]);
                    if (square < s.Outside && k != place)
                    {
                        atEdge += square < s.Inside ? 0 : 1;
                        if (count < Capacity)
                            candidates[count] = k;
                        count++;
                    }
                }
            }

        int type = -1;
        if (count <= Capacity && (atEdge == 0 || s.IsFinal == 0))
        {
            for (int c = 0; c < count; c++)
            {
                float square = Distance.Squared(site, sites[candidates[c]]);
                nearest = NearestKeys.Insert(nearest, (int)(Interop.FloatAsInt(square) & ~(uint)NearestKeys.NumberMask) | c);
            }

            NearestKeys.Store(nearest, sorted);
            type = Identify(s, site, sites, candidates, sorted, count, s.Inside);
        }

        if (type >= 0)
            types[site.Atom] = type;
        else
            undecided[1 + Atomic.Add(ref undecided[0], 1)] = place;
    }

    private static int Identify(SearchArguments s, Site site, ArrayView<Site> sites, ArrayView<int> candidates, ArrayView<int> sorted,
        int count, float beyond)
    {
        ArrayView<int> rows = LocalMemory.Allocate<int>(16);
        ArrayView<float> vectors = LocalMemory.Allocate<float>(48);
        float band = s.Band + KeyRounding;
        int type = 0;
        int twelve = Shell(sorted, 12, count, beyond, s.IsFinal, band);
        if (twelve < 0)
            return -1;
        int loaded = IntrinsicMath.Min(count, 14);
        float first = 0, second = 0, third = 0;
        for (int k = 0; k < loaded; k++)
        {
            Site other = sites[candidates[sorted[k] & NearestKeys.NumberMask]];
            float x = other.X - site.X, y = other.Y - site.Y, z = other.Z - site.Z, d = XMath.Sqrt(x * x + y * y + z * z);
            vectors[k] = x;
            vectors[k + 16] = y;
            vectors[k + 32] = z;
            first += k < 8 ? d : 0;
            second += k >= 8 && k < 12 ? d : 0;
            third += k >= 12 ? d : 0;
        }

        if (twelve > 0)
        {
            float cutoff = Halfway / 12 * (first + second);
            if (!FillRows(rows, vectors, 12, cutoff * cutoff, band))
                return -1;
            type = Signatures.OfTwelve(rows);
        }

        if (type == 0)
        {
            int fourteen = Shell(sorted, 14, count, beyond, s.IsFinal, band);
            if (fourteen < 0)
                return -1;
            if (fourteen > 0)
            {
                float cutoff = Halfway / 14 * (ShellRatio * first + (second + third));
                if (!FillRows(rows, vectors, 14, cutoff * cutoff, band))
                    return -1;
                type = Signatures.OfFourteen(rows);
            }
        }

        return type;
    }

    /// <summary>Whether the nearest so many are a shell of their own: 1 yes, 0 no, -1 cannot be told here.</summary>
    private static int Shell(ArrayView<int> sorted, int size, int count, float beyond, int isFinal, float band)
    {
        if (count < size)
            return isFinal != 0 ? 0 : -1;
        if (count == size && isFinal != 0)
            return 1;
        float next = count > size ? NearestKeys.Square(sorted[size]) : beyond;
        float last = NearestKeys.Square(sorted[size - 1]);
        return next * (1 - band) > last * (1 + band) ? 1 : -1;
    }

    /// <summary>Bonds among the neighbors; false where one is too near to the cutoff.</summary>
    private static bool FillRows(ArrayView<int> rows, ArrayView<float> vectors, int size, float cutoffSquared, float band)
    {
        float near = cutoffSquared * (4 * band);
        bool isSure = true;
        for (int a = 0; a < size; a++)
            rows[a] = 0;
        for (int a = 0; a < size; a++)
        {
            float ax = vectors[a], ay = vectors[a + 16], az = vectors[a + 32];
            int row = rows[a];
            for (int b = a + 1; b < size; b++)
            {
                float x = vectors[b] - ax, y = vectors[b + 16] - ay, z = vectors[b + 32] - az;
                float square = x * x + y * y + z * z, over = square - cutoffSquared;
                isSure &= IntrinsicMath.Abs(over) > near;
                if (over < 0)
                {
                    row |= 1 << b;
                    rows[b] |= 1 << a;
                }
            }

            rows[a] = row;
        }

        return isSure;
    }
}
