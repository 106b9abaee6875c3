namespace Denoise.Atoms;

/// <summary>The local crystal structure of an atom, with OVITO's numbers so that its default colors apply.</summary>
public enum StructureType
{
    Other = 0,
    Fcc = 1,
    Hcp = 2,
    Bcc = 3,
    Icosahedral = 4,
    SimpleCubic = 5,
    CubicDiamond = 6,
    HexagonalDiamond = 7,
    Graphene = 8,
}
