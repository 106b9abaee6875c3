using Denoise.Atoms;

namespace Denoise.Cli.Analysis;

/// <summary>What atoms are, by their place in a file that does not say it: molecules of the same sites, one after the other.</summary>
internal static class SitePattern
{
    /// <summary>Symbols of the types that atoms get, each once, in the order in which they appear.</summary>
    public static IReadOnlyList<string> Kinds(IReadOnlyList<string> sites) => [.. sites.Distinct()];

    /// <param name="sites">of a molecule; empty: nothing is done</param>
    /// <param name="frame">gets types</param>
    /// <param name="file">for messages</param>
    /// <exception cref="InputException">its atoms are not so many molecules</exception>
    public static void Apply(IReadOnlyList<string> sites, Frame frame, string file)
    {
        if (sites.Count == 0)
            return;
        if (frame.Count % sites.Count != 0)
            throw new InputException($"{file}: has {frame.Count} atoms, which are no molecules of {sites.Count} sites "
                + $"({string.Join(",", sites)}); correct --sites.");
        IReadOnlyList<string> kinds = Kinds(sites);
        int[] types = [.. sites.Select(site => 1 + Enumerable.Range(0, kinds.Count).First(k => kinds[k] == site))];
        for (int i = 0; i < frame.Count; i++)
            frame.Types[i] = types[i % types.Length];
        frame.Elements.Clear();
        for (int k = 0; k < kinds.Count; k++)
            frame.SetElement(k + 1, kinds[k] == SpeciesWords.NotSeen ? SpeciesWords.Nameless : kinds[k]);
    }
}
