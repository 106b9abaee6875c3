namespace Denoise.InSitu;

/// <summary>Wall time in seconds that one frame took on this rank, by stage.</summary>
public sealed class StageTimes
{
    public double Total { get; internal set; }

    /// <summary>Finding the length scale.</summary>
    public double Scale { get; internal set; }

    /// <summary>Ghosts and neighbor lists.</summary>
    public double Graph { get; internal set; }

    /// <summary>The network, without what it waits for.</summary>
    public double Network { get; internal set; }

    /// <summary>Exchanges and reductions, waiting included.</summary>
    public double Halo { get; internal set; }

    public double Identify { get; internal set; }

    internal void Clear() => (Total, Scale, Graph, Network, Halo, Identify) = (0, 0, 0, 0, 0, 0);
}
