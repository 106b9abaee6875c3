using Denoise.Atoms.Memory;

namespace Denoise.Neighbors;

/// <summary>
/// Full neighbor list in compressed rows: the neighbors of owned atom i are <c>Indices[Starts[i] .. Starts[i+1])</c>, each an
/// index into the owned and ghost atoms it was built from. Every pair closer than <see cref="Cutoff"/> is there, both ways.
/// Reused from frame to frame without allocation.
/// </summary>
public sealed class NeighborList : IDisposable
{
    /// <summary>[AtomCount + 1] first entry of each atom's row.</summary>
    public NativeBuffer<long> Starts { get; } = new();

    /// <summary>[PairCount] neighbors, row after row.</summary>
    public NativeBuffer<int> Indices { get; } = new();

    /// <summary>Atoms that have a row.</summary>
    public int AtomCount { get; set; }

    /// <summary>Distance in Å below which every pair is listed (skin included).</summary>
    public double Cutoff { get; set; }

    public long PairCount => AtomCount == 0 ? 0 : Starts[AtomCount];

    /// <summary>Most neighbors of any atom: the size of a scratch row.</summary>
    public int LargestRow { get; set; }

    /// <summary>
    /// The closest listed pair, found with coordinates in single precision (rounded to 1e-7 of the box), its distance in double:
    /// what tells that two atoms are in one place.
    /// </summary>
    public AtomPair ClosestPair { get; set; } = AtomPair.None;

    /// <summary>A number that no other content of any list has, for those who keep what they derived from a list; 0: unknown.</summary>
    public long Stamp { get; set; }

    public void Dispose()
    {
        Starts.Dispose();
        Indices.Dispose();
    }
}
