using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Simd.Kernels;

namespace Denoise.Networks.Engines.Simd;

/// <summary>What one thread needs for the four atoms at hand: some ten kilobytes that stay in its caches.</summary>
internal sealed unsafe class WorkerScratch : IDisposable
{
    // A vector may be read or written behind a row's end.
    private const int Slack = 16;

    private readonly NativeBuffer<float> _rows = new();
    private readonly NativeBuffer<nint> _pointers = new(4 * NodeProduct.Atoms);
    private readonly NativeBuffer<int> _order = new();
    private readonly NativeBuffer<int> _places = new();

    /// <param name="sums">longest aggregate</param>
    /// <param name="gates">most gates</param>
    /// <param name="features">longest row of features or of the network's output</param>
    /// <param name="atomsPerChunk">atoms that a thread takes at a time</param>
    /// <param name="speciesCount">of the model</param>
    public WorkerScratch(int sums, int gates, int features, int atomsPerChunk, int speciesCount)
    {
        _order.Resize(atomsPerChunk);
        _places.Resize(speciesCount + 1);
        int rowLength = Padded(sums) + Padded(gates) + 2 * Padded(features);
        _rows.Resize(NodeProduct.Atoms * (long)rowLength + Padded(NodeProduct.Atoms));
        _rows.Clear();

        float* next = _rows.Pointer;
        float* Take(int length)
        {
            float* row = next;
            next += Padded(length);
            return row;
        }

        for (int a = 0; a < NodeProduct.Atoms; a++)
        {
            Sums[a] = Take(sums);
            Gates[a] = Take(gates);
            Features[a] = Take(features);
            SpareFeatures[a] = Take(features);
        }

        Factors = Take(NodeProduct.Atoms);
    }

    public EdgeCollector Edges { get; } = new();

    /// <summary>[atoms of a chunk] as <see cref="SortBySpecies"/> left them.</summary>
    public int* Order => _order.Pointer;

    /// <summary>[4] sums over the edges of each atom.</summary>
    public float** Sums => (float**)_pointers.Pointer;

    /// <summary>[4] rows of gates.</summary>
    public float** Gates => Sums + NodeProduct.Atoms;

    /// <summary>[4] rows of features that a layer makes.</summary>
    public float** Features => Sums + 2 * NodeProduct.Atoms;

    /// <summary>[4] rows of features that are not kept: of atoms that only fill up the four.</summary>
    public float** SpareFeatures => Sums + 3 * NodeProduct.Atoms;

    /// <summary>[4] alpha of each atom.</summary>
    public float* Factors { get; }

    public long MemoryBytes => Edges.MemoryBytes + _rows.CapacityBytes + _pointers.CapacityBytes + _order.CapacityBytes +
        _places.CapacityBytes;

    /// <summary>Brings atoms of one species together, because they share weights; otherwise their order stays.</summary>
    /// <param name="species">[atoms]</param>
    /// <param name="atoms">a list of atoms; null: all of them</param>
    /// <param name="begin">first of the list</param>
    /// <param name="end">behind the last</param>
    public void SortBySpecies(int* species, int* atoms, int begin, int end)
    {
        Span<int> places = _places.Span;
        places.Clear();
        for (int i = begin; i < end; i++)
            places[species[Atom(i)] + 1]++;
        for (int s = 1; s < places.Length; s++)
            places[s] += places[s - 1];
        for (int i = begin; i < end; i++)
            Order[places[species[Atom(i)]]++] = Atom(i);

        int Atom(int i) => atoms == null ? i : atoms[i];
    }

    /// <summary>How many of the first four atoms have the first one's species.</summary>
    public static int CountOfOneSpecies(int* species, int* atoms, int count)
    {
        int same = 1;
        while (same < Math.Min(count, NodeProduct.Atoms) && species[atoms[same]] == species[*atoms])
            same++;
        return same;
    }

    public void Dispose()
    {
        Edges.Dispose();
        _rows.Dispose();
        _pointers.Dispose();
        _order.Dispose();
        _places.Dispose();
    }

    private static int Padded(int length) => (length + Slack + 15) & ~15;
}
