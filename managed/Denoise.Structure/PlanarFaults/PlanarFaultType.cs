namespace Denoise.Structure.PlanarFaults;

/// <summary>What planar fault of fcc an atom is in: OVITO's numbers 0 to 4, and 5 as in mdapy.</summary>
public enum PlanarFaultType
{
    /// <summary>Not an hcp atom.</summary>
    None = 0,

    /// <summary>An hcp atom in none of the others, such as a single one.</summary>
    Indeterminate = 1,

    /// <summary>In one of two adjacent hcp layers: an intrinsic stacking fault.</summary>
    Intrinsic = 2,

    /// <summary>In one hcp layer between fcc: a coherent twin boundary.</summary>
    Twin = 3,

    /// <summary>In one of three or more adjacent hcp layers.</summary>
    Multilayer = 4,

    /// <summary>In one hcp layer, with one layer of fcc between it and another hcp layer: an extrinsic stacking fault.</summary>
    Extrinsic = 5,
}
