namespace Denoise.Cli.Tables;

/// <summary>Which table of the program one is, by its columns.</summary>
internal enum TableKind
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary>A line per frame: of the fix, of <c>denoise analyze --csv</c>, or made of a trajectory.</summary>
    Frames,

    /// <summary>Loss along a training.</summary>
    Training,

    /// <summary>Errors per structure and noise along a training.</summary>
    Validation,
}
