namespace Denoise.Cli.Selection;

/// <summary>A part of an expression.</summary>
/// <param name="Position">of what it is known by, from 1, for messages</param>
internal abstract record SelectionNode(int Position);

internal sealed record NumberNode(double Value, int Position) : SelectionNode(Position);

/// <summary>A column, or a word that is compared with one.</summary>
internal sealed record NameNode(string Name, int Position) : SelectionNode(Position);

/// <summary>A word in quotes.</summary>
internal sealed record WordNode(string Word, int Position) : SelectionNode(Position);

internal sealed record UnaryNode(SelectionOperation Operation, SelectionNode Operand, int Position) : SelectionNode(Position);

internal sealed record BinaryNode(SelectionOperation Operation, SelectionNode Left, SelectionNode Right, int Position)
    : SelectionNode(Position);

internal enum SelectionOperation
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
    Min,
    Max,
    Not,
    Negate,
    Abs,
    Sqrt,
}
