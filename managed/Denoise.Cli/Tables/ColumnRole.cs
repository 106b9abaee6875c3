namespace Denoise.Cli.Tables;

/// <summary>What a column of a table is to those who draw it.</summary>
internal enum ColumnRole
{
    /// <summary>Numbers of which nothing is known.</summary>
    None,

    /// <summary>What the rows are ordered by: the x axis.</summary>
    Step,

    /// <summary>Number of atoms that the counts add up to.</summary>
    Atoms,

    /// <summary>Atoms of a structure, after denoising where there was any.</summary>
    Structure,

    /// <summary>The same before denoising.</summary>
    RawStructure,

    /// <summary>Root mean square displacement.</summary>
    Displacement,

    /// <summary>How denoising went: iterations, scale, largest prediction.</summary>
    Run,

    /// <summary>What an analysis found for the whole frame.</summary>
    Global,

    /// <summary>A bin of a vector with many, such as a radial distribution.</summary>
    Profile,

    /// <summary>Seconds.</summary>
    Cost,

    /// <summary>Words.</summary>
    Text,
}
