using Denoise.Atoms;

namespace Denoise.Trajectories.Tables;

/// <summary>One field of the atom lines of a file: its role and, for a further column, its name and kind.</summary>
/// <param name="name">as the frame calls it</param>
/// <param name="role">what it is</param>
/// <param name="kind">for a column: the narrowest kind to start with</param>
internal sealed class AtomField(string name, FieldRole role, ColumnKind kind = ColumnKind.Integer)
{
    public string Name { get; } = name;

    public FieldRole Role { get; } = role;

    /// <summary>Widened where a value asks for it, and then kept for the frames that follow.</summary>
    public ColumnKind Kind { get; set; } = kind;
}
