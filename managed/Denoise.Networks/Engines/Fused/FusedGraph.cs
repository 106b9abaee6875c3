namespace Denoise.Networks.Engines.Fused;

/// <summary>Atoms and edges as a fused network reads them. Every pair is there both ways.</summary>
internal abstract unsafe class FusedGraph
{
    /// <summary>Atoms that the network is evaluated for.</summary>
    public abstract int AtomCount { get; }

    /// <summary>Atoms that have rows of features: those, and behind them ghosts of others.</summary>
    public abstract int RowCount { get; }

    /// <summary>[RowCount] counted from 0</summary>
    public abstract int* Species { get; }

    /// <summary>[AtomCount, 3] forces that the network is told, eV/Å; null: none.</summary>
    public virtual double* Forces => null;

    /// <summary>No edge is shorter, Å; infinite without edges.</summary>
    public abstract double ShortestEdge { get; }

    /// <summary>
    /// Copies edges of an atom, as many as there is room for: rows of the neighbors, and vectors from the neighbors to the atom. Called
    /// by any thread.
    /// </summary>
    /// <param name="atom">below <see cref="AtomCount"/></param>
    /// <param name="place">where to go on; 0 at first</param>
    /// <param name="edges">receives them</param>
    /// <returns>how many were copied</returns>
    public abstract int Read(int atom, ref int place, EdgeScratch edges);

    /// <summary>Whether there is nothing behind a place.</summary>
    public abstract bool IsEnd(int atom, int place);
}
