namespace Denoise.InSitu.Analyses;

/// <summary>Keeps apart the columns of analyses that are named twice.</summary>
internal static class AnalysisNames
{
    /// <summary><c>name_suffix</c>; of a component <c>name_suffix[1]</c>.</summary>
    public static string WithSuffix(string name, string suffix)
    {
        if (suffix.Length == 0)
            return name;
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? $"{name}_{suffix}" : $"{name[..bracket]}_{suffix}{name[bracket..]}";
    }
}
