namespace Denoise.Atoms;

/// <summary>A structure that atoms may have.</summary>
/// <param name="Name">that users see</param>
/// <param name="Number">that stands in columns, see <see cref="StructureTable"/></param>
public sealed record NamedStructure(string Name, int Number);
