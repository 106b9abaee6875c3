namespace Denoise.Cli.Analysis;

/// <summary>Words that stand where a chemical symbol could.</summary>
internal static class SpeciesWords
{
    /// <summary>Atoms of this type are not seen at all, as in LAMMPS's <c>pair_coeff</c>.</summary>
    public const string NotSeen = "NULL";

    /// <summary>In files for atoms that have no element, as most programs read it.</summary>
    public const string Nameless = "X";
}
