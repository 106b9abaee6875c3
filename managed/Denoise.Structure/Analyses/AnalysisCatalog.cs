using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;
using Denoise.Structure.AcklandJones;
using Denoise.Structure.BondOrder;
using Denoise.Structure.Centrosymmetry;
using Denoise.Structure.Classes;
using Denoise.Structure.Clusters;
using Denoise.Structure.Diamond;
using Denoise.Structure.Dislocations;
using Denoise.Structure.Grains;
using Denoise.Structure.NeighborsMap;
using Denoise.Structure.Pairs;
using Denoise.Structure.PlanarFaults;
using Denoise.Structure.References;
using Denoise.Structure.Soap;
using Denoise.Structure.TemplateMatching;
using Denoise.Structure.Water;

namespace Denoise.Structure.Analyses;

/// <summary>Every analysis that there is, and the one text form in which the fix, the command line and the C interface name them.</summary>
public static class AnalysisCatalog
{
    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AnalysisKind> All { get; } =
    [
        AdaptiveCommonNeighborAnalysis.Kind,
        CommonNeighborAnalysis.Kind,
        IntervalCommonNeighborAnalysis.Kind,
        AcklandJonesAnalysis.Kind,
        DiamondAnalysis.Kind,
        ChillPlusAnalysis.Kind,
        ReferenceAnalysis.Kind,
        PlanarFaultAnalysis.Kind,
        TemplateMatchingAnalysis.Kind,
        CoordinationAnalysis.Kind,
        RadialDistributionAnalysis.Kind,
        ClusterAnalysis.Kind,
        GrainAnalysis.Kind,
        SteinhardtAnalysis.Kind,
        CentrosymmetryAnalysis.Kind,
        DisplacementAnalysis.Kind,
        WignerSeitzAnalysis.Kind,
        AtomicStrainAnalysis.Kind,
        AverageAnalysis.Kind,
        DislocationAnalysis.Kind,
        ClassAnalysis.Kind,
        NeighborsMapAnalysis.Kind,
    ];

    /// <summary>
    /// Makes an analysis from <c>name</c> or <c>name:arguments</c>. Every analysis takes <c>on=raw</c>: of the positions before denoising.
    /// </summary>
    /// <param name="text">as the user wrote it</param>
    /// <param name="lengthUnit">Å per length of the user</param>
    /// <param name="services">borrowed by the analysis</param>
    /// <param name="isOfRaw">whether it is of the positions before denoising</param>
    /// <exception cref="InputException">the name is not known, or an argument is wrong; the message says what there is</exception>
    public static IAnalysis Create(string text, double lengthUnit, AnalysisServices services, out bool isOfRaw)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        AnalysisKind kind = Find(name);
        AnalysisArguments arguments = new(name, kind.Usage, colon < 0 ? "" : text[(colon + 1)..], lengthUnit);
        isOfRaw = arguments.Choice("on", "denoised", "raw", "denoised") == "raw";
        IAnalysis analysis = kind.Create(arguments, services);
        try
        {
            arguments.RequireAllUsed();
        }
        catch
        {
            analysis.Dispose();
            throw;
        }

        return analysis;
    }

    /// <summary>Which frames before it any of these must have seen.</summary>
    /// <exception cref="InputException">a name is not known, or an argument is wrong</exception>
    public static FrameMemory MemoryOf(IEnumerable<string> texts)
    {
        using WorkerPool pool = new(1);
        using CellGrid grid = new(pool);
        // None that would be read here; it is enough that it could be.
        AnalysisServices services = new(pool, grid) { ReadReference = _ => throw new InvalidOperationException(), IsTrial = true };
        FrameMemory most = FrameMemory.None;
        foreach (string text in texts)
            using (IAnalysis analysis = Create(text, 1, services, out _))
                most = analysis.Memory > most ? analysis.Memory : most;
        return most;
    }

    private static AnalysisKind Find(string name)
    {
        foreach (AnalysisKind kind in All)
            if (kind.Name == name)
                return kind;
        throw new InputException($"'{name}' is no analysis; there are {string.Join(", ", All.Select(kind => kind.Name))}.");
    }
}
