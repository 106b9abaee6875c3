using Denoise.Atoms;
using Denoise.Trajectories;

namespace Denoise.Cli.Analysis;

/// <summary>
/// What atoms are, by another file of the same atoms in the same order: of a trajectory that does not say it, such as XTC and DCD. Programs
/// that write those sort atoms by id, and so are these.
/// </summary>
internal sealed class Topology
{
    private readonly string _path;
    private readonly int[] _types;
    private readonly string?[] _elements;

    private Topology(string path, int[] types, string?[] elements, long[]? molecules) =>
        (_path, _types, _elements, Molecules) = (path, types, elements, molecules);

    /// <summary>[atoms] the molecule of each; null: the file does not say.</summary>
    public long[]? Molecules { get; }

    /// <param name="path">in any format that is read; its first frame counts</param>
    /// <exception cref="InputException">it cannot be read, or holds no atoms</exception>
    public static Topology Load(string path)
    {
        using TrajectoryReader reader = TrajectoryReader.Open(path);
        using Frame frame = new();
        if (!reader.Read(frame) || frame.Count == 0)
            throw new InputException($"{path}: holds no atoms, of which --topology could say what they are.");
        int[] order = [.. Enumerable.Range(0, frame.Count)];
        Array.Sort(frame.Ids.Span.ToArray(), order);
        FrameColumn? column = frame.FindColumn(ColumnNames.Molecule) is { Kind: ColumnKind.Integer } found ? found : null;
        int most = frame.Types.Span.ToArray().Max();
        return new(path, [.. order.Select(i => frame.Types[i])], [.. Enumerable.Range(1, Math.Max(0, most)).Select(frame.ElementOf)],
            column is null ? null : [.. order.Select(i => column.Integers[i])]);
    }

    /// <param name="frame">gets types and elements</param>
    /// <param name="file">for messages</param>
    /// <exception cref="InputException">it has another number of atoms</exception>
    public void Apply(Frame frame, string file)
    {
        if (frame.Count != _types.Length)
            throw new InputException($"{file}: has {frame.Count} atoms and {_path} has {_types.Length}; --topology wants a file of the same "
                + "atoms.");
        _types.CopyTo(frame.Types.Span);
        frame.Elements.Clear();
        for (int t = 0; t < _elements.Length; t++)
            frame.SetElement(t + 1, _elements[t] ?? SpeciesWords.NotSeen);
    }

    /// <summary>Sites that are not seen have an element in no file.</summary>
    public static void NameSites(Frame frame)
    {
        for (int t = 1; t <= frame.Elements.Count; t++)
            if (frame.ElementOf(t) == SpeciesWords.NotSeen)
                frame.SetElement(t, SpeciesWords.Nameless);
    }
}
