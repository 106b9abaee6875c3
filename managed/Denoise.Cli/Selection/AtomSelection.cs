using System.Runtime.InteropServices;
using Denoise.Atoms;

namespace Denoise.Cli.Selection;

/// <summary>The atoms that an expression is true of, such as <c>structure_type == 3 &amp;&amp; displacement &gt; 0.3</c>.</summary>
internal sealed class AtomSelection
{
    private readonly SelectionNode _expression;
    private readonly List<int> _atoms = [];

    /// <exception cref="InputException">not an expression</exception>
    public AtomSelection(string text)
    {
        _expression = SelectionParser.Parse(text);
        HashSet<string> names = [];
        Collect(_expression, names);
        Names = names;
    }

    /// <summary>Columns that it asks for, and words.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>Keeps those atoms of a frame alone; how many they are.</summary>
    /// <exception cref="InputException">the frame has no such column</exception>
    public int Apply(Frame frame)
    {
        new SelectionProgram(_expression, frame).Select(_atoms);
        frame.Keep(CollectionsMarshal.AsSpan(_atoms));
        return _atoms.Count;
    }

    private static void Collect(SelectionNode node, HashSet<string> names)
    {
        switch (node)
        {
            case NameNode name:
                names.Add(name.Name);
                break;
            case UnaryNode unary:
                Collect(unary.Operand, names);
                break;
            case BinaryNode binary:
                Collect(binary.Left, names);
                Collect(binary.Right, names);
                break;
        }
    }
}
