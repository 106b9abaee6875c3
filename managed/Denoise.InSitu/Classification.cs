namespace Denoise.InSitu;

/// <summary>How structures are identified; the numbers are those of the C header.</summary>
public enum Classification
{
    /// <summary>Adaptive common neighbor analysis (doi 10.1088/0965-0393/20/4/045021).</summary>
    AdaptiveCommonNeighbors = 0,

    /// <summary>Common neighbor analysis with a fixed cutoff.</summary>
    CommonNeighbors = 1,

    /// <summary>Not at all: positions only.</summary>
    None = 2,

    /// <summary>By the logits of the model.</summary>
    Model = 3,

    /// <summary>
    /// <see cref="References"/> where the model holds some, <see cref="Model"/> where it has logits, else
    /// <see cref="AdaptiveCommonNeighbors"/>.
    /// </summary>
    Automatic = 4,

    /// <summary>By the first of the analyses that names atoms, <see cref="Structure.Analyses.IStructureNaming"/>.</summary>
    Analysis = 5,

    /// <summary>By the nearest of the ideal structures that the model holds.</summary>
    References = 6,
}
