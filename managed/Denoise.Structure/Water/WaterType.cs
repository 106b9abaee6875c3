namespace Denoise.Structure.Water;

/// <summary>What a water molecule is, with OVITO's numbers; the pairs that make it so, of four.</summary>
public enum WaterType
{
    Other = 0,

    /// <summary>Three staggered, one eclipsed.</summary>
    HexagonalIce = 1,

    /// <summary>Four staggered.</summary>
    CubicIce = 2,

    /// <summary>Two staggered and no more than two eclipsed, or three staggered and none eclipsed.</summary>
    InterfacialIce = 3,

    /// <summary>Four eclipsed.</summary>
    Hydrate = 4,

    /// <summary>Three eclipsed.</summary>
    InterfacialHydrate = 5,
}
