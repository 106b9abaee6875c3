using Denoise.Cli.Input;

namespace Denoise.Cli.Training;

/// <summary>A file of atoms with known structures.</summary>
/// <param name="Class">of all of them; null: a column says</param>
/// <param name="File">in any format that is read</param>
internal sealed record MapSource(string? Class, string File)
{
    /// <summary>What <c>CLASS=FILE</c> or <c>FILE</c> stands for; FILE may be a pattern.</summary>
    public static IEnumerable<MapSource> Parse(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        bool isClass = equals > 0 && word.IndexOf('/', 0, equals) < 0;
        foreach (string file in InputFiles.Expand([isClass ? word[(equals + 1)..] : word]))
            yield return new(isClass ? word[..equals] : null, file);
    }
}
