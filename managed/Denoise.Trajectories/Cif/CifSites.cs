using Denoise.Atoms;

namespace Denoise.Trajectories.Cif;

/// <summary>The atom sites of a block that are atoms: neither dummies nor vacancies, with coordinates, occupied.</summary>
internal static class CifSites
{
    // Words for what is no atom; "Cg" is a centroid, "Q" a peak of density that nothing was assigned to.
    private static readonly string[] DummySymbols = ["X", "Xx", "Q", "Du", "Dum", "Bq", "Cg", "Lp", "Va", "Vac", "Vacancy"];

    // In labels fewer: "Va1" may be vanadium, "Cg1" a carbon.
    private static readonly string[] DummyLabels = ["X", "Xx", "Q", "Du", "Dum", "Bq", "Vac"];

    /// <param name="block">has sites</param>
    /// <param name="cell">of the block</param>
    /// <param name="path">for messages</param>
    /// <param name="warn">is told what is left out</param>
    public static List<CifSite> Read(CifBlock block, Box cell, string path, Action<string> warn)
    {
        bool fractional = block.Column("_atom_site_fract_x").Count > 0;
        string kind = fractional ? "fract" : "cartn";
        var axes = Enumerable.Range(0, 3).Select(k => block.Column($"_atom_site_{kind}_{"xyz"[k]}")).ToArray();
        int count = axes[0].Count;
        IReadOnlyList<CifToken> labels = block.Column("_atom_site_label", "_atom_site_type_symbol");
        IReadOnlyList<CifToken> symbols = block.Column("_atom_site_type_symbol", "_atom_site_label");
        if (axes[1].Count != count || axes[2].Count != count || symbols.Count != count || labels.Count != count)
            throw new InputException(
                $"{path}: the atom sites of data block {Quote.Short(block.Name)} need a symbol or label and three coordinates each");
        bool hasSymbols = block.Column("_atom_site_type_symbol").Count > 0;
        IReadOnlyList<CifToken> occupancies = block.Column("_atom_site_occupancy");
        IReadOnlyList<CifToken> flags = block.Column("_atom_site_calc_flag");
        IReadOnlyList<CifToken> multiplicities =
            block.Column("_atom_site_site_symmetry_multiplicity", "_atom_site_symmetry_multiplicity");

        List<CifSite> sites = [];
        int dummies = 0, empty = 0, placeless = 0, partial = 0;
        for (int s = 0; s < count; s++)
        {
            double occupancy = s < occupancies.Count ? Value(block, occupancies[s], 1) : 1;
            bool isDummy = s < flags.Count && flags[s].Text.Equals("dum", StringComparison.OrdinalIgnoreCase);
            string word = symbols[s].Text;
            if (isDummy || IsDummy(word, hasSymbols))
                dummies++;
            else if (occupancy <= 0)
                empty++;
            else if (axes.Any(axis => axis[s].Text is "?" or "."))
            {
                if (placeless++ == 0)
                    warn($"{path}:{axes[0][s].Line}: a site without coordinates is left out");
            }
            else
            {
                Vec3 r = new(block.Number(axes[0][s]), block.Number(axes[1][s]), block.Number(axes[2][s]));
                partial += occupancy < 1 ? 1 : 0;
                sites.Add(new(
                    labels[s].Text, ElementTable.SymbolFromLabel(word) ?? Quote.Short(word), fractional ? r : cell.ToFractional(r),
                    s < multiplicities.Count ? Value(block, multiplicities[s], 0) : 0, occupancy < 1));
            }
        }

        string name = Quote.Short(block.Name);
        if (placeless > 1)
            warn($"{path}: {placeless} sites without coordinates are left out of data block {name}");
        if (dummies > 0)
            warn($"{path}: data block {name} has {dummies} dummy or vacant " +
                $"{(dummies == 1 ? "site, which is no atom" : "sites, which are no atoms")} and left out");
        if (empty > 0)
            warn($"{path}: data block {name} has {empty} site{(empty == 1 ? "" : "s")} of occupancy 0, left out");
        if (partial > 0)
            warn($"{path}: data block {name} has partly occupied sites ({partial} of {sites.Count}); all of them are filled");
        return sites;
    }

    private static bool IsDummy(string word, bool isSymbol) =>
        (isSymbol ? DummySymbols : DummyLabels).Contains(word.TrimEnd("0123456789".ToCharArray()), StringComparer.OrdinalIgnoreCase);

    private static double Value(CifBlock block, CifToken token, double missing) => token.Text is "?" or "." ? missing : block.Number(token);
}
