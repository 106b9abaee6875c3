using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// What encoder and decoder know of the atoms of a chunk from its frames so far. Vectors have four components, the last unused.
/// </summary>
internal sealed class ChunkState : IDisposable
{
    public const int MostAtoms = 1 << 16;
    public const int MostNeighbors = 13;

    public int Count { get; private set; }

    /// <summary>Earlier atoms of the chunk that a displacement is predicted from; 0 to <see cref="MostNeighbors"/>.</summary>
    public int Neighbors { get; set; }

    public bool IsLattice { get; set; }

    /// <summary>Frames since, and with, the one that began the chunk.</summary>
    public int Frames { get; set; }

    /// <summary>Number of the frame that began it.</summary>
    public long Begun { get; set; }

    /// <summary>Number of the frame whose state this is; one that was lost or damaged leaves it behind.</summary>
    public long Last { get; set; }

    public long[] Ids { get; set; } = [];

    public long[] Types { get; set; } = [];

    /// <summary>[columns][atoms], as whole numbers.</summary>
    public List<long[]> Columns { get; } = [];

    /// <summary>[Count, 4] indices of the lattice, or positions in the frame that began the chunk, Å.</summary>
    public NativeBuffer<double> Sites { get; } = new();

    /// <summary>[Count, 4] displacement from the site in the last frame, Å.</summary>
    public NativeBuffer<double> Last1 { get; private set; } = new();

    /// <summary>[Count, 4] and in the one before.</summary>
    public NativeBuffer<double> Last2 { get; private set; } = new();

    /// <summary>[Count, 4] sum of all displacements, Å.</summary>
    public NativeBuffer<double> Sum { get; } = new();

    /// <summary>[Count, 4] position in the last frame, followed across the boundaries, Å.</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>[Count, 4] displacements of a <see cref="SmoothField"/>, where the frame at hand has one, Å.</summary>
    public NativeBuffer<double> Field { get; } = new();

    /// <summary>Between the lowest and the highest site along each axis.</summary>
    public double[] Middle { get; } = new double[3];

    /// <summary>Half of what is between them; 1 where there is nothing.</summary>
    public double[] HalfWidth { get; } = new double[3];

    /// <summary>[Count, Neighbors] rows of <see cref="PositionCoder.Innovations"/>.</summary>
    public NativeBuffer<int> NeighborRows { get; } = new();

    public void Begin(int count)
    {
        Count = count;
        foreach (NativeBuffer<double> vectors in new[] { Sites, Last1, Last2, Sum, Positions })
        {
            vectors.Resize(4L * count);
            vectors.Clear();
        }

        Columns.Clear();
        Frames = 0;
    }

    /// <summary>The last displacements, with which the frame at hand replaced those before the last, are the last.</summary>
    public void SwapLast() => (Last1, Last2) = (Last2, Last1);

    /// <summary>Notes how far the sites reach, when all are known.</summary>
    public void MeasureSites()
    {
        for (int a = 0; a < 3; a++)
        {
            (double low, double high) = Count == 0 ? (0, 0) : (double.PositiveInfinity, double.NegativeInfinity);
            for (int i = 0; i < Count; i++)
                (low, high) = (Math.Min(low, Sites[4L * i + a]), Math.Max(high, Sites[4L * i + a]));
            (Middle[a], HalfWidth[a]) = ((low + high) / 2, high > low ? (high - low) / 2 : 1);
        }
    }

    /// <summary>Positions become the sites, from which nothing is displaced.</summary>
    public void SitesFromPositions()
    {
        Positions.Span.CopyTo(Sites.Span);
        Last1.Clear();
        Last2.Clear();
        Sum.Clear();
        Frames = 1;
        MeasureSites();
    }

    /// <summary>Every atom is predicted from the one before it.</summary>
    public void ChainNeighbors()
    {
        Neighbors = 1;
        NeighborRows.Resize(Count);
        for (int i = 0; i < Count; i++)
            NeighborRows[i] = i == 0 ? Count : i - 1;
    }

    /// <summary>Finds who is at given steps of the lattice from each atom, among those before it.</summary>
    /// <param name="steps">[Neighbors, 3]</param>
    /// <returns>false: the lattice is too sparsely filled</returns>
    public bool FindNeighbors(ReadOnlySpan<int> steps)
    {
        Neighbors = steps.Length / 3;
        NeighborRows.Resize((long)Count * Neighbors);
        Span<int> low = stackalloc int[3], size = stackalloc int[3];
        long places = 1;
        for (int a = 0; a < 3; a++)
        {
            (int least, int most) = (int.MaxValue, int.MinValue);
            for (int i = 0; i < Count; i++)
                (least, most) = (Math.Min(least, (int)Sites[4L * i + a]), Math.Max(most, (int)Sites[4L * i + a]));
            (low[a], size[a]) = (least, Count == 0 ? 1 : most - least + 1);
            places *= size[a];
            if (size[a] <= 0 || places > MostPlaces(Count))
                return false;
        }

        int[] atoms = new int[places];
        Array.Fill(atoms, -1);
        for (int i = 0; i < Count; i++)
        {
            int x = (int)Sites[4L * i] - low[0], y = (int)Sites[4L * i + 1] - low[1], z = (int)Sites[4L * i + 2] - low[2];
            for (int k = 0; k < Neighbors; k++)
            {
                int u = x + steps[3 * k], v = y + steps[3 * k + 1], w = z + steps[3 * k + 2];
                bool isInside = (uint)u < (uint)size[0] && (uint)v < (uint)size[1] && (uint)w < (uint)size[2];
                int other = isInside ? atoms[(w * size[1] + v) * size[0] + u] : -1;
                NeighborRows[(long)i * Neighbors + k] = other < 0 ? Count : other;
            }

            // Of two atoms on a site the first is asked.
            ref int place = ref atoms[(z * size[1] + y) * size[0] + x];
            place = place < 0 ? i : place;
        }

        return true;
    }

    public void Dispose()
    {
        foreach (NativeBuffer<double> vectors in new[] { Sites, Last1, Last2, Sum, Positions, Field })
            vectors.Dispose();
        NeighborRows.Dispose();
    }

    private static long MostPlaces(int count) => 4096 + 32L * count;
}
