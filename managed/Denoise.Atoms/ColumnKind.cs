namespace Denoise.Atoms;

/// <summary>What the values of a <see cref="FrameColumn"/> are; in the order in which one widens to the next.</summary>
public enum ColumnKind
{
    Integer = 0,
    Real = 1,
    Text = 2,
}
