namespace Denoise.Structure.TemplateMatching;

/// <summary>How two kinds of atoms share the sites of a structure, with OVITO's numbers.</summary>
public enum ChemicalOrdering
{
    Other = 0,
    Pure = 1,
    L10 = 2,

    /// <summary>The majority sites of L1_2, those of Cu in Cu3Au.</summary>
    L12Majority = 3,

    /// <summary>The minority sites of L1_2, those of Au in Cu3Au.</summary>
    L12Minority = 4,
    B2 = 5,
    ZincblendeOrWurtzite = 6,
    BoronNitride = 7,
}
