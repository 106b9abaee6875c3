using System.Globalization;
using Denoise.Atoms;

namespace Denoise.Cli.Tables;

/// <summary>Which of the program's tables one is, and what its columns are: by names, which the fix and the program give alike.</summary>
internal static class ColumnRoles
{
    // A vector of fewer components is a few numbers; of more, a curve.
    private const int FewComponents = 8;

    private const string Raw = "raw_";

    private static readonly string[] Training = ["step", "seconds", "learning_rate", "loss", "gradient_norm"];
    private static readonly string[] Validation = ["step", "structure", "noise", "rms_before"];
    private static readonly string[] Steps = ["step", "Step", "frame", "time", "Time"];

    /// <summary>Sets the kind of a table that has all its rows, and the roles of its columns.</summary>
    public static void Assign(DataTable table)
    {
        string[] names = [.. table.Columns.Select(column => column.Name)];
        table.Kind = Begins(names, Training) ? TableKind.Training
            : Begins(names, Validation) ? TableKind.Validation
            : names.Contains("step") && names.Contains("atoms") ? TableKind.Frames
            : TableKind.Other;
        if (StepOf(table) is { } step)
            step.Role = ColumnRole.Step;
        if (table.Kind == TableKind.Frames)
            AssignFrames(table);
    }

    private static bool Begins(string[] names, string[] with) => names.AsSpan().StartsWith(with);

    /// <summary>Formats without time steps say 0 of all frames: then frames are counted.</summary>
    private static TableColumn? StepOf(DataTable table) => Steps
        .Select(table.Find)
        .OfType<TableColumn>()
        .Where(column => !column.IsText)
        .OrderByDescending(column => column.Numbers.Any(value => value != column.Numbers[0]))
        .FirstOrDefault();

    private static void AssignFrames(DataTable table)
    {
        bool isCount = false;
        foreach (TableColumn column in table.Columns)
        {
            if (column.IsText || column.Role == ColumnRole.Step)
                continue;
            string name = column.Name;
            // Counts follow each other, from "other" on.
            isCount = table.Find(Raw + name) is not null || (StructureTable.NumberOf(name) is not null && (isCount || name == "other"));
            if (isCount)
                (column.Role, column.Of) = (ColumnRole.Structure, name);
            else if (name.StartsWith(Raw, StringComparison.Ordinal) && table.Find(name[Raw.Length..]) is not null)
                (column.Role, column.Of) = (ColumnRole.RawStructure, name[Raw.Length..]);
            else
                column.Role = RoleOf(name);
        }

        AssignVectors(table);
    }

    private static ColumnRole RoleOf(string name) => name switch
    {
        "step" or "frame" => ColumnRole.None,
        "atoms" => ColumnRole.Atoms,
        "rms_displacement" => ColumnRole.Displacement,
        "iterations" or "scale" or "largest_prediction" => ColumnRole.Run,
        "seconds" => ColumnRole.Cost,
        _ => ColumnRole.Global,
    };

    private static void AssignVectors(DataTable table)
    {
        foreach (IGrouping<string, TableColumn> vector in table.Columns
            .Where(column => column.Role == ColumnRole.Global && VectorOf(column.Name) is not null)
            .GroupBy(column => VectorOf(column.Name)!))
        {
            bool isCurve = vector.Count() > FewComponents;
            foreach (TableColumn column in vector)
                (column.Role, column.Of) = (isCurve ? ColumnRole.Profile : ColumnRole.Global, vector.Key);
        }
    }

    /// <summary>What stands before <c>[k]</c>; null: it is no component.</summary>
    private static string? VectorOf(string name)
    {
        int open = name.LastIndexOf('[');
        return open > 0 && name[^1] == ']' && int.TryParse(name.AsSpan(open + 1, name.Length - open - 2), NumberStyles.None,
            CultureInfo.InvariantCulture, out _) ? name[..open] : null;
    }
}
