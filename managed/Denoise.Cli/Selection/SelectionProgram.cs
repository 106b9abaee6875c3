using Denoise.Atoms;

namespace Denoise.Cli.Selection;

/// <summary>
/// An expression for the columns of one frame: a list of instructions on a stack whose entries are blocks of atoms, so that what an
/// operation is, is asked once per block and not once per atom.
/// </summary>
internal sealed class SelectionProgram
{
    private const int Block = 1024;

    private static readonly string[] Always = ["id", "type", "element", "x", "y", "z"];

    private readonly Frame _frame;
    private readonly List<Instruction> _instructions = [];
    private readonly List<double[]> _stack = [];
    private int _depth;

    /// <exception cref="InputException">a name is no column, or words are used as numbers</exception>
    public SelectionProgram(SelectionNode expression, Frame frame)
    {
        _frame = frame;
        Compile(expression);
    }

    /// <summary>The atoms for which the expression is true: neither 0 nor not a number.</summary>
    public void Select(List<int> atoms)
    {
        atoms.Clear();
        for (int begin = 0; begin < _frame.Count; begin += Block)
        {
            int count = Math.Min(Block, _frame.Count - begin);
            Run(begin, count);
            double[] values = _stack[0];
            for (int i = 0; i < count; i++)
                if (IsTrue(values[i]))
                    atoms.Add(begin + i);
        }
    }

    private void Run(int begin, int count)
    {
        int top = -1;
        foreach (Instruction instruction in _instructions)
        {
            if (instruction.Load is { } load)
            {
                load(begin, count);
                top++;
                continue;
            }

            if (instruction.Operation >= SelectionOperation.Not)
            {
                Apply(instruction.Operation, _stack[top].AsSpan(0, count));
                continue;
            }

            top--;
            Apply(instruction.Operation, _stack[top].AsSpan(0, count), _stack[top + 1].AsSpan(0, count));
        }
    }

    private static void Apply(SelectionOperation operation, Span<double> a)
    {
        switch (operation)
        {
            case SelectionOperation.Not:
                foreach (ref double value in a)
                    value = IsTrue(value) ? 0 : 1;
                break;
            case SelectionOperation.Negate:
                foreach (ref double value in a)
                    value = -value;
                break;
            case SelectionOperation.Abs:
                foreach (ref double value in a)
                    value = Math.Abs(value);
                break;
            default:
                foreach (ref double value in a)
                    value = Math.Sqrt(value);
                break;
        }
    }

    private static void Apply(SelectionOperation operation, Span<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        switch (operation)
        {
            case SelectionOperation.Add:
                for (int i = 0; i < a.Length; i++)
                    a[i] += b[i];
                break;
            case SelectionOperation.Subtract:
                for (int i = 0; i < a.Length; i++)
                    a[i] -= b[i];
                break;
            case SelectionOperation.Multiply:
                for (int i = 0; i < a.Length; i++)
                    a[i] *= b[i];
                break;
            case SelectionOperation.Divide:
                for (int i = 0; i < a.Length; i++)
                    a[i] /= b[i];
                break;
            case SelectionOperation.Remainder:
                for (int i = 0; i < a.Length; i++)
                    a[i] %= b[i];
                break;
            case SelectionOperation.Less:
                for (int i = 0; i < a.Length; i++)
                    a[i] = a[i] < b[i] ? 1 : 0;
                break;
            case SelectionOperation.LessOrEqual:
                for (int i = 0; i < a.Length; i++)
                    a[i] = a[i] <= b[i] ? 1 : 0;
                break;
            case SelectionOperation.Greater:
                for (int i = 0; i < a.Length; i++)
                    a[i] = a[i] > b[i] ? 1 : 0;
                break;
            case SelectionOperation.GreaterOrEqual:
                for (int i = 0; i < a.Length; i++)
                    a[i] = a[i] >= b[i] ? 1 : 0;
                break;
            case SelectionOperation.Equal:
                for (int i = 0; i < a.Length; i++)
                    a[i] = a[i] == b[i] ? 1 : 0;
                break;
            case SelectionOperation.NotEqual:
                for (int i = 0; i < a.Length; i++)
                    a[i] = a[i] != b[i] ? 1 : 0;
                break;
            case SelectionOperation.And:
                for (int i = 0; i < a.Length; i++)
                    a[i] = IsTrue(a[i]) & IsTrue(b[i]) ? 1 : 0;
                break;
            case SelectionOperation.Or:
                for (int i = 0; i < a.Length; i++)
                    a[i] = IsTrue(a[i]) | IsTrue(b[i]) ? 1 : 0;
                break;
            case SelectionOperation.Min:
                for (int i = 0; i < a.Length; i++)
                    a[i] = Math.Min(a[i], b[i]);
                break;
            default:
                for (int i = 0; i < a.Length; i++)
                    a[i] = Math.Max(a[i], b[i]);
                break;
        }
    }

    // Neither 0 nor not a number.
    private static bool IsTrue(double value) => value < 0 | value > 0;

    private void Compile(SelectionNode node)
    {
        switch (node)
        {
            case NumberNode number:
                Push((block, _, count) => block.AsSpan(0, count).Fill(number.Value));
                break;
            case NameNode name:
                CompileColumn(name);
                break;
            case WordNode word:
                throw SelectionLexer.Wrong(
                    word.Position, $"the word {Quote.Of(word.Word)} can only be compared, by == or !=, with a column of words");
            case UnaryNode unary:
                Compile(unary.Operand);
                _instructions.Add(new(unary.Operation, null));
                break;
            case BinaryNode { Operation: SelectionOperation.Equal or SelectionOperation.NotEqual } comparison
                when TryCompileWords(comparison.Left, comparison.Right, comparison) ||
                     TryCompileWords(comparison.Right, comparison.Left, comparison):
                break;
            case BinaryNode binary:
                Compile(binary.Left);
                Compile(binary.Right);
                _instructions.Add(new(binary.Operation, null));
                _depth--;
                break;
        }
    }

    private void CompileColumn(NameNode name)
    {
        switch (name.Name)
        {
            case "id":
                Push((block, begin, count) =>
                {
                    for (int i = 0; i < count; i++)
                        block[i] = _frame.Ids[begin + i];
                });
                return;
            case "type":
                Push((block, begin, count) =>
                {
                    for (int i = 0; i < count; i++)
                        block[i] = _frame.Types[begin + i];
                });
                return;
            case "x" or "y" or "z":
                int axis = name.Name[0] - 'x';
                Push((block, begin, count) =>
                {
                    for (int i = 0; i < count; i++)
                        block[i] = _frame.Positions[3L * (begin + i) + axis];
                });
                return;
        }

        FrameColumn? column = _frame.FindColumn(name.Name);
        if (name.Name == "element" || column is { Kind: ColumnKind.Text })
            throw SelectionLexer.Wrong(
                name.Position, $"{Quote.Of(name.Name)} holds words; compare it with one by == or !=, as in element == \"Cu\"");
        if (column is null)
            throw SelectionLexer.Wrong(name.Position, $"{Quote.Of(name.Name)} is no column; there are " +
                string.Join(", ", Always.Concat(_frame.Columns.Select(known => known.Name))));
        if (column.Kind == ColumnKind.Real)
            Push((block, begin, count) => column.Reals.Slice(begin, count).CopyTo(block));
        else
            Push((block, begin, count) =>
            {
                ReadOnlySpan<long> values = column.Integers.Slice(begin, count);
                for (int i = 0; i < values.Length; i++)
                    block[i] = values[i];
            });
    }

    /// <summary>A column of words compared with one of them; false where the first is no such column.</summary>
    private bool TryCompileWords(SelectionNode left, SelectionNode right, BinaryNode comparison)
    {
        if (left is not NameNode name)
            return false;
        FrameColumn? column = _frame.FindColumn(name.Name);
        bool isElement = name.Name == "element" && column is null;
        if (!isElement && column is not { Kind: ColumnKind.Text })
            return false;
        string word = right switch
        {
            WordNode quoted => quoted.Word,
            NameNode bare => bare.Name,
            NumberNode => throw SelectionLexer.Wrong(right.Position, $"{Quote.Of(name.Name)} holds words; put the number in quotes"),
            _ => throw SelectionLexer.Wrong(right.Position, $"{Quote.Of(name.Name)} holds words; it can only be compared with one"),
        };
        double equal = comparison.Operation == SelectionOperation.Equal ? 1 : 0;
        if (isElement)
        {
            bool[] isThis = [.. _frame.Elements.Select(element => element == word)];
            Push((block, begin, count) =>
            {
                for (int i = 0; i < count; i++)
                {
                    int type = _frame.Types[begin + i];
                    block[i] = type >= 1 && type <= isThis.Length && isThis[type - 1] ? equal : 1 - equal;
                }
            });
        }
        else
        {
            long code = column!.Words.Add(word);
            Push((block, begin, count) =>
            {
                ReadOnlySpan<long> codes = column.WordCodes.Slice(begin, count);
                for (int i = 0; i < codes.Length; i++)
                    block[i] = codes[i] == code ? equal : 1 - equal;
            });
        }

        return true;
    }

    private void Push(Action<double[], int, int> fill)
    {
        if (_stack.Count == _depth)
            _stack.Add(new double[Block]);
        double[] block = _stack[_depth++];
        _instructions.Add(new(default, (begin, count) => fill(block, begin, count)));
    }

    private readonly record struct Instruction(SelectionOperation Operation, Action<int, int>? Load);
}
