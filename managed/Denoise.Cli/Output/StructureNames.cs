using Denoise.Atoms;

namespace Denoise.Cli.Output;

/// <summary>The structures that are counted, in the order and under the names in which they are shown.</summary>
internal static class StructureNames
{
    public static readonly (string Name, StructureType Type)[] Short =
    [
        ("other", StructureType.Other),
        ("fcc", StructureType.Fcc),
        ("hcp", StructureType.Hcp),
        ("bcc", StructureType.Bcc),
        ("ico", StructureType.Icosahedral),
    ];
}
