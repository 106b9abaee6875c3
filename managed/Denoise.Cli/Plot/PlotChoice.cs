using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.Tables;

namespace Denoise.Cli.Plot;

/// <summary>Which columns of a table a plot shows.</summary>
internal static class PlotChoice
{
    private const int MostLines = 40;
    private const int FewLines = 8;

    /// <param name="table">with roles</param>
    /// <param name="names">columns that are asked for; empty: what the kind of the table suggests</param>
    /// <param name="x">the column across; null: the step</param>
    /// <param name="isLogarithmic">null: for losses and errors of a training</param>
    /// <exception cref="InputException">there is no such column, or nothing to draw</exception>
    public static PlotPicture Choose(DataTable table, IReadOnlyList<string> names, string? x, bool? isLogarithmic)
    {
        TableColumn? across = x is null ? table.Columns.FirstOrDefault(column => column.Role == ColumnRole.Step) : Find(table, x);
        List<TableColumn> columns = names.Count > 0 ? [.. names.SelectMany(name => Named(table, name))] : [.. Suggested(table)];
        if (columns.Count == 0)
            throw new InputException($"{table.Name}: has no column of numbers to draw; --columns names some of {Known(table)}.");
        if (columns.Count > MostLines)
            throw new InputException($"--columns: {columns.Count} lines are too many for one plot; name up to {MostLines}.");
        List<PlotSeries> series = [];
        foreach (TableColumn column in columns)
            series.AddRange(table.Kind == TableKind.Validation
                ? OfGroups(table, across, column, series.Count)
                : [Create(column.Name, column, across, [.. Enumerable.Range(0, table.Rows)], series.Count)]);
        return new(Path.GetFileName(table.Name), across?.Name ?? "line", series,
            isLogarithmic ?? (names.Count == 0 && table.Kind is TableKind.Training or TableKind.Validation));
    }

    /// <summary>By its name, or all components of a vector by the name of the vector.</summary>
    private static IEnumerable<TableColumn> Named(DataTable table, string name)
    {
        TableColumn[] components = [.. table.Columns.Where(column => column.Of == name && column.Name.EndsWith(']'))];
        return table.Find(name) is null && components.Length > 0 ? components : [Find(table, name)];
    }

    private static TableColumn Find(DataTable table, string name)
    {
        TableColumn column = table.Find(name) ??
            throw new InputException($"{table.Name}: there is no column {Quote.Of(name)}; there are {Known(table)}.");
        return column.IsText
            ? throw new InputException($"{table.Name}: column {Quote.Of(name)} holds words, which have no place on an axis; name another.")
            : column;
    }

    private static string Known(DataTable table) =>
        string.Join(", ", table.Columns
            .Where(column => !column.IsText).Take(MostLines).Select(column => column.Name).DefaultIfEmpty("none"));

    private static IEnumerable<TableColumn> Suggested(DataTable table) => table.Kind switch
    {
        TableKind.Training => [Find(table, "loss")],
        TableKind.Validation => [Find(table, "rms_after_8")],
        TableKind.Frames when table.Columns.Any(column => column.Role == ColumnRole.Structure) => Frequent(
            [.. table.Columns.Where(column => column.Role is ColumnRole.Structure or ColumnRole.RawStructure)]),
        _ => table.Columns.Where(column => !column.IsText && column.Role is not (ColumnRole.Step or ColumnRole.Atoms)).Take(FewLines),
    };

    /// <summary>Structures of which there is ever a part that can be seen.</summary>
    private static IEnumerable<TableColumn> Frequent(TableColumn[] counts)
    {
        double most = counts.Max(Largest);
        return counts.Where(column => Largest(column) > 0.005 * most).Take(2 * FewLines);
    }

    private static double Largest(TableColumn column) => column.Numbers.Where(double.IsFinite).DefaultIfEmpty(0).Max();

    /// <summary>A line per structure and noise of a validation.</summary>
    private static IEnumerable<PlotSeries> OfGroups(DataTable table, TableColumn? across, TableColumn column, int first)
    {
        TableColumn structures = table.Find("structure")!, noises = table.Find("noise")!;
        return Enumerable.Range(0, table.Rows)
            .GroupBy(row => (structures.IsText ? structures.Words[row] : "", noises.Numbers[row]))
            .Take(MostLines)
            .Select((group, k) => Create(string.Create(CultureInfo.InvariantCulture, $"{group.Key.Item1} {group.Key.Item2}"),
                column, across, [.. group], first + k));
    }

    private static PlotSeries Create(string name, TableColumn column, TableColumn? across, int[] rows, int k)
    {
        double[] x = [.. rows.Select(row => across?.Numbers[row] ?? row)], y = [.. rows.Select(row => column.Numbers[row])];
        int[] order = [.. Enumerable.Range(0, rows.Length).Where(row => double.IsFinite(x[row])).OrderBy(row => x[row])];
        return new PlotSeries(name, [.. order.Select(row => x[row])], [.. order.Select(row => y[row])], PlotColors.Of(column, k),
            column.Role == ColumnRole.RawStructure).Thinned();
    }
}
