using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>
/// A file format: how it is called, how its files are named and recognized, who reads and who writes them. All are in
/// <see cref="TrajectoryFormats"/>.
/// </summary>
public sealed class TrajectoryFormat
{
    private readonly Func<FileHead, bool> _recognizes;
    private readonly Func<LineScanner, TrajectoryReader> _createReader;
    private readonly Func<FrameFormatter>? _createFormatter;

    internal TrajectoryFormat(
        Func<FileHead, bool> recognizes, Func<LineScanner, TrajectoryReader> createReader,
        Func<FrameFormatter>? createFormatter = null)
    {
        (_recognizes, _createReader, _createFormatter) = (recognizes, createReader, createFormatter);
    }

    /// <summary>As people call it.</summary>
    public required string Name { get; init; }

    /// <summary>Of file names, in lower case, with the dot; a compression's may follow.</summary>
    public required IReadOnlyList<string> Extensions { get; init; }

    /// <summary>What whole file names begin with, in any case, where that is the custom.</summary>
    public IReadOnlyList<string> NameStarts { get; init; } = [];

    public bool CanWrite => _createFormatter is not null;

    public override string ToString() => Name;

    /// <param name="name">without folder and compression</param>
    internal bool HasName(string name) =>
        NameStarts.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)) ||
        Extensions.Contains(Path.GetExtension(name).ToLowerInvariant());

    /// <summary>Whether the beginning of a file is of this format, whatever the name; the formats before it in the list are none.</summary>
    internal bool Recognizes(FileHead head) => _recognizes(head);

    internal TrajectoryReader CreateReader(LineScanner scanner) => _createReader(scanner);

    internal FrameFormatter CreateFormatter() =>
        (_createFormatter ?? throw new InvalidOperationException($"{Name} is not written"))();
}
