namespace Denoise.Structure.Dislocations;

/// <summary>What the identification says of an atom.</summary>
internal enum AtomClass
{
    /// <summary>Neither of the others.</summary>
    Defect = 0,

    /// <summary>It has the crystal's structure.</summary>
    Crystal = 1,

    /// <summary>hcp in fcc, fcc in hcp: of a stacking fault.</summary>
    Fault = 2,
}
