namespace Denoise.InSitu.Timing;

/// <summary>Where the time of a frame goes.</summary>
public enum Stage
{
    /// <summary>Checking the frame and taking its atoms.</summary>
    Other,

    /// <summary>Finding the length scale.</summary>
    Scale,

    /// <summary>Images of a periodic box and neighbor lists.</summary>
    Graph,

    Network,

    /// <summary>Exchanges with other ranks and images, and reductions, waiting included.</summary>
    Communication,

    Identify,

    /// <summary>Writing the rows of the result.</summary>
    Output,
}
