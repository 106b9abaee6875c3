namespace Denoise.Trajectories.Cif;

internal enum CifTokenKind
{
    /// <summary>data_NAME, save_NAME, global_: begins a block.</summary>
    Block,
    Loop,

    /// <summary>A name such as _cell_length_a, in lower case, its dots turned to underscores.</summary>
    Tag,
    Value,
}

/// <summary>A word of a CIF with the line it stands in.</summary>
internal readonly record struct CifToken(CifTokenKind Kind, string Text, long Line);
