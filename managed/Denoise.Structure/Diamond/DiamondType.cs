namespace Denoise.Structure.Diamond;

/// <summary>What an atom is in diamond, with OVITO's numbers.</summary>
public enum DiamondType
{
    Other = 0,
    Cubic = 1,
    CubicFirstNeighbor = 2,
    CubicSecondNeighbor = 3,
    Hexagonal = 4,
    HexagonalFirstNeighbor = 5,
    HexagonalSecondNeighbor = 6,
}
