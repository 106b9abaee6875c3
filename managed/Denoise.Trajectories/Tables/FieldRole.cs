namespace Denoise.Trajectories.Tables;

/// <summary>What a field of an atom line is.</summary>
internal enum FieldRole
{
    /// <summary>A further column of the frame.</summary>
    Column,
    Id,
    Type,

    /// <summary>A chemical symbol, or a type number where a file uses numbers in its place.</summary>
    Element,
    X,
    Y,
    Z,
    Ignored,
}
