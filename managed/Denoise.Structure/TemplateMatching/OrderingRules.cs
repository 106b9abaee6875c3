namespace Denoise.Structure.TemplateMatching;

/// <summary>
/// The ordering of an atom from the types of the neighbors that were matched. In fcc: four neighbors in one {100} plane of the atom's
/// own kind and eight of the other are L1_0; four of the other kind in one such plane and eight of its own are the Cu sites of L1_2;
/// twelve of the other kind the Au sites. In bcc, diamond and graphene the first shell is of the other kind and the second of the
/// atom's own.
/// </summary>
internal static class OrderingRules
{
    private const int Fcc = 1;
    private const int Bcc = 3;

    // For every axis, the fcc neighbors in the plane normal to it.
    private static readonly uint[] Planes =
        [.. Enumerable.Range(0, 3).Select(axis => Bits(k => Math.Abs(Template(Fcc).Neighbors[k][axis]) < 0.1))];

    /// <summary>Names the ordering.</summary>
    /// <param name="template">that was matched</param>
    /// <param name="center">type of the atom</param>
    /// <param name="neighbors">types of the template's neighbors</param>
    public static ChemicalOrdering Of(StructureTemplate template, int center, ReadOnlySpan<int> neighbors)
    {
        uint unlike = 0;
        int other = center;
        for (int k = 0; k < neighbors.Length; k++)
        {
            if (neighbors[k] == center)
                continue;
            if (other != center && neighbors[k] != other)
                return ChemicalOrdering.Other;
            other = neighbors[k];
            unlike |= 1u << k;
        }

        uint all = (1u << neighbors.Length) - 1;
        if (unlike == 0)
            return ChemicalOrdering.Pure;
        if (template.Type == Fcc)
        {
            return unlike == all ? ChemicalOrdering.L12Minority
                : Planes.AsSpan().Contains(unlike) ? ChemicalOrdering.L12Majority
                : Planes.AsSpan().Contains(all & ~unlike) ? ChemicalOrdering.L10
                : ChemicalOrdering.Other;
        }

        uint shell = (1u << (template.Type == Bcc ? 8 : template.InnerCount)) - 1;
        if (unlike != shell || shell == 0)
            return ChemicalOrdering.Other;
        return template.Type switch
        {
            Bcc => ChemicalOrdering.B2,
            StructureTemplate.Graphene => ChemicalOrdering.BoronNitride,
            _ => ChemicalOrdering.ZincblendeOrWurtzite,
        };
    }

    private static StructureTemplate Template(int type) => StructureTemplate.All[type - 1];

    private static uint Bits(Func<int, bool> has) =>
        Enumerable.Range(0, Template(Fcc).Neighbors.Count).Aggregate(0u, (set, k) => has(k) ? set | 1u << k : set);
}
