namespace Denoise.Training.Maps;

/// <summary>Labelled images.</summary>
/// <param name="Classes">names</param>
public sealed record MapSet(IReadOnlyList<string> Classes)
{
    /// <summary>[Size, Size, channels] each.</summary>
    public List<float[]> Images { get; } = [];

    /// <summary>Number of the class of each.</summary>
    public List<int> Labels { get; } = [];
}
