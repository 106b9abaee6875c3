using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Cli.Selection;

/// <summary>
/// Reads expressions: <c>||</c>, <c>&amp;&amp;</c>, comparisons, <c>+ -</c>, <c>* / %</c>, <c>! -</c>, from weak to strong;
/// numbers, columns, words in quotes, parentheses, <c>abs sqrt min max</c>.
/// </summary>
internal sealed class SelectionParser
{
    private const int DeepestNesting = 100;

    private static readonly (string Text, SelectionOperation Operation)[][] Levels =
    [
        [("||", SelectionOperation.Or)],
        [("&&", SelectionOperation.And)],
        [
            ("<", SelectionOperation.Less), ("<=", SelectionOperation.LessOrEqual), (">", SelectionOperation.Greater),
            (">=", SelectionOperation.GreaterOrEqual), ("==", SelectionOperation.Equal), ("!=", SelectionOperation.NotEqual),
        ],
        [("+", SelectionOperation.Add), ("-", SelectionOperation.Subtract)],
        [("*", SelectionOperation.Multiply), ("/", SelectionOperation.Divide), ("%", SelectionOperation.Remainder)],
    ];

    private const int ComparisonLevel = 2;

    private static readonly (string Name, SelectionOperation Operation, int Arguments)[] Functions =
    [
        ("abs", SelectionOperation.Abs, 1), ("sqrt", SelectionOperation.Sqrt, 1),
        ("min", SelectionOperation.Min, 2), ("max", SelectionOperation.Max, 2),
    ];

    private readonly List<SelectionToken> _tokens;
    private int _next;
    private int _depth;

    private SelectionParser(List<SelectionToken> tokens) => _tokens = tokens;

    private SelectionToken Token => _tokens[_next];

    /// <exception cref="InputException">not an expression; the message says where and why</exception>
    public static SelectionNode Parse(string text)
    {
        SelectionParser parser = new(SelectionLexer.Tokens(text));
        SelectionNode node = parser.Binary(0);
        return parser.Token.Kind == TokenKind.End
            ? node
            : throw SelectionLexer.Wrong(parser.Token.Position, $"{Quote.Of(parser.Token.Text)} is not expected; an operator is");
    }

    private SelectionNode Binary(int level)
    {
        if (level == Levels.Length)
            return Unary();
        SelectionNode left = Binary(level + 1);
        for (int count = 0; TryOperator(Levels[level], out SelectionOperation operation, out int position); count++)
        {
            if (level == ComparisonLevel && count > 0)
                throw SelectionLexer.Wrong(position, "a comparison of a comparison; write 'a < b && b < c'");
            left = new BinaryNode(operation, left, Binary(level + 1), position);
        }

        return left;
    }

    private SelectionNode Unary()
    {
        SelectionToken token = Token;
        if (token.Kind != TokenKind.Operator || token.Text is not ("!" or "-" or "+"))
            return Primary();
        _next++;
        Descend(token);
        SelectionNode operand = Unary();
        _depth--;
        return token.Text == "+" ? operand
            : new UnaryNode(token.Text == "!" ? SelectionOperation.Not : SelectionOperation.Negate, operand, token.Position);
    }

    private SelectionNode Primary()
    {
        SelectionToken token = Token;
        _next++;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                    ? new NumberNode(value, token.Position)
                    : throw SelectionLexer.Wrong(token.Position, $"{Quote.Of(token.Text)} is not a number");
            case TokenKind.Word:
                return new WordNode(token.Text, token.Position);
            case TokenKind.Name:
                return Token is { Kind: TokenKind.Operator, Text: "(" } ? Call(token) : new NameNode(token.Text, token.Position);
            case TokenKind.Operator when token.Text == "(":
                Descend(token);
                SelectionNode inner = Binary(0);
                _depth--;
                Expect(")", token);
                return inner;
            case TokenKind.End:
                _next--;
                throw SelectionLexer.Wrong(token.Position, "the expression ends where a number, a column or '(' is expected");
            default:
                throw SelectionLexer.Wrong(token.Position, $"{Quote.Of(token.Text)} stands where a number, a column or '(' is expected");
        }
    }

    private SelectionNode Call(SelectionToken name)
    {
        var (_, operation, arguments) = Array.Find(Functions, function => function.Name == name.Text) is { Name: not null } found
            ? found
            : throw SelectionLexer.Wrong(
                name.Position, $"{Quote.Of(name.Text)} is no function; there are {string.Join(", ", Functions.Select(f => f.Name))}");
        SelectionToken open = Token;
        _next++;
        Descend(open);
        SelectionNode first = Binary(0);
        SelectionNode? second = null;
        if (arguments == 2)
        {
            if (Token is not { Kind: TokenKind.Operator, Text: "," })
                throw SelectionLexer.Wrong(Token.Position, $"{name.Text} takes two values, separated by a comma");
            _next++;
            second = Binary(0);
        }

        _depth--;
        Expect(")", open);
        return second is null ? new UnaryNode(operation, first, name.Position) : new BinaryNode(operation, first, second, name.Position);
    }

    private bool TryOperator((string Text, SelectionOperation Operation)[] level, out SelectionOperation operation, out int position)
    {
        (operation, position) = (default, Token.Position);
        if (Token.Kind != TokenKind.Operator)
            return false;
        foreach (var (text, known) in level)
        {
            if (text != Token.Text)
                continue;
            operation = known;
            _next++;
            return true;
        }

        return false;
    }

    private void Expect(string text, SelectionToken open)
    {
        if (Token.Kind != TokenKind.Operator || Token.Text != text)
            throw SelectionLexer.Wrong(open.Position, "the parenthesis is not closed");
        _next++;
    }

    private void Descend(SelectionToken token)
    {
        if (++_depth > DeepestNesting)
            throw SelectionLexer.Wrong(token.Position, "the expression is nested too deeply");
    }
}
