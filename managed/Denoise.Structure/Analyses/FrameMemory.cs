namespace Denoise.Structure.Analyses;

/// <summary>Which frames before it an analysis must have seen; in the order in which one includes the other.</summary>
public enum FrameMemory
{
    /// <summary>Each frame is for itself: they can be shared out.</summary>
    None,

    /// <summary>The first, which later ones are compared with.</summary>
    First,

    /// <summary>All, in their order.</summary>
    All,
}
