namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>
/// How a vector is shared between channels and edges. A block of few channels would leave lanes idle, so a vector then holds
/// several edges side by side, each with the same <see cref="Channels"/> channels:
/// <code>
/// Groups = 2, Channels = 4:   [ edge 0: u0 u1 u2 u3 | edge 1: u0 u1 u2 u3 ]
/// </code>
/// Groups * Channels = floats in a vector; one kernel serves every such layout.
/// </summary>
/// <typeparam name="V">the vector</typeparam>
internal unsafe interface ILanes<V>
    where V : struct
{
    /// <summary>Edges side by side.</summary>
    static abstract int Groups { get; }

    /// <summary>Channels of each.</summary>
    static abstract int Channels { get; }

    /// <summary>Lane (g, u) = first[g]: one scalar per edge, over all channels of its group.</summary>
    static abstract V Spread(float* first);

    /// <summary>Channels from rows: lane (g, u) = rows[g][offset + u].</summary>
    static abstract V Gather(float** rows, nint offset);

    /// <summary>The same channels for every edge: lane (g, u) = first[u].</summary>
    static abstract V LoadChannels(float* first);

    /// <summary>
    /// From one vector per edge with what several paths have for it, path after path, <see cref="Channels"/> floats each: the first
    /// two paths' lanes (g, u).
    /// </summary>
    /// <param name="edge0">of the first edge</param>
    /// <param name="edge1">of the second</param>
    /// <param name="edge2">of the third; only read where there are four groups</param>
    /// <param name="edge3">likewise of the fourth</param>
    /// <param name="first">of the first path</param>
    /// <param name="second">of the second path</param>
    static abstract void Deal(V edge0, V edge1, V edge2, V edge3, out V first, out V second);

    /// <summary>destination[u] += sum over groups of lane (g, u).</summary>
    static abstract void AddSum(float* destination, V value);

    /// <summary>
    /// The other order of lanes, for matrix products that sum over pairs or quads of inputs at once: lane (u, g) = source[g].
    /// </summary>
    static abstract V Repeat(float* source);

    /// <summary>Of that order: lane (u, g) = sum over g' of lane (u, g').</summary>
    static abstract V Total(V value);

    /// <summary>Of that order: destination[u] = lane (u, 0).</summary>
    static abstract void StoreFirst(float* destination, V value);

    /// <summary>
    /// Of that order, two values: first[u] = gate (0, u) * sum over g of lane (u, g) of a, and second[u] likewise of b, with the gate's
    /// lanes (1, u), or the same ones where a vector holds one edge.
    /// </summary>
    static abstract void StoreSums(float* first, float* second, V a, V b, V gate);
}
