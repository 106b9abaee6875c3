using Denoise.Cli.Tables;

namespace Denoise.Cli.Report;

/// <summary>What a report shows.</summary>
internal sealed class ReportData
{
    public required string Title { get; init; }

    /// <summary>Sentences on what was left out, or is odd.</summary>
    public List<string> Notes { get; } = [];

    public List<DataTable> Tables { get; } = [];

    public List<Scene> Scenes { get; } = [];

    public StructureList Structures { get; } = new();
}
