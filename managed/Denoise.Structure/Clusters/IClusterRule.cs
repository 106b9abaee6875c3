using Denoise.Structure.Analyses;

namespace Denoise.Structure.Clusters;

/// <summary>Of which atoms clusters are, and which of them that are near each other are bonded.</summary>
internal interface IClusterRule
{
    /// <exception cref="Atoms.InputException">what it needs is not there</exception>
    void Check(AnalysisContext context);

    /// <summary>Whether an owned atom is in some cluster; those that are not selected never are.</summary>
    bool Contains(AnalysisContext context, int atom);

    /// <summary>Whether an owned atom and a neighbor of it, owned or ghost, both in some cluster, are in the same. Called by several threads.
    /// </summary>
    bool AreBonded(int atom, int neighbor);
}
