using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.Input;

namespace Denoise.Cli.Tables;

/// <summary>Reads tables of numbers with a line of names: those of the fix, of <c>denoise analyze</c>, of trainings, and others.</summary>
internal static class CsvFile
{
    private const int HeadLength = 1 << 16;
    private const int LongestLine = 1 << 22;
    private const int MostColumns = 20_000;

    /// <summary>Whether a file begins with the names of columns, as no trajectory does.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            // A pipe gives its bytes once.
            if (path == InputFiles.StandardInput || FileStatus.Of(path) is not { IsRegular: true })
                return false;
            using StreamReader reader = new(path);
            char[] head = new char[HeadLength];
            string text = new(head, 0, reader.ReadBlock(head));
            int end = text.IndexOf('\n');
            return (end >= 0 || text.Length < HeadLength) && Names(end < 0 ? text : text[..end]) is { Length: > 1 } names &&
                Array.TrueForAll(names, IsName);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // The reader of trajectories says what is wrong.
        }
    }

    /// <summary>A table with the roles of its columns.</summary>
    /// <param name="path">of a file that <see cref="IsOne"/></param>
    /// <param name="note">told of what was left out</param>
    /// <exception cref="InputException">a line is not as the first one says</exception>
    public static DataTable Read(string path, Action<string> note)
    {
        try
        {
            using StreamReader reader = new(path);
            DataTable table = Read(new BoundedLines(reader, path, LongestLine), path, note);
            ColumnRoles.Assign(table);
            return table;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {failure.Message}", failure);
        }
    }

    private static DataTable Read(BoundedLines lines, string path, Action<string> note)
    {
        string[] names = Names(lines.Read() ?? "");
        if (names.Length > MostColumns)
            throw new InputException($"{path}: has {names.Length} columns; the most that is read are {MostColumns}.");
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"{path}:1: two columns are called {Quote.Of(twice.Key)}; rename one.");
        DataTable table = new(path);
        while (lines.Read() is { } line)
        {
            string[] cells = line.Split(',');
            if (lines.IsCut)
            {
                // A simulation that still runs, or was killed.
                note($"{path}: the last line has no end, and is left out.");
                break;
            }

            if (cells.Length != names.Length)
                throw new InputException(
                    $"{path}:{lines.Number}: has {cells.Length} values, and the first line has {names.Length} names; mend the line.");
            if (table.Columns.Count == 0)
                for (int k = 0; k < names.Length; k++)
                    table.Add(new(names[k], isText: cells[k].Length > 0 && Number(cells[k]) is null));
            table.BeginRow();
            for (int k = 0; k < names.Length; k++)
                Add(table.Columns[k], cells[k], path, lines.Number);
        }

        if (table.Rows == 0)
            throw new InputException($"{path}: has no line of values; there is nothing to draw.");
        if (table.Rows < table.RowsRead)
            note($"{path}: {table.Rows} of {table.RowsRead} lines are drawn, evenly spread.");
        return table;
    }

    private static void Add(TableColumn column, string cell, string path, long line)
    {
        if (column.IsText)
            column.Words.Add(cell);
        else if (cell.Length == 0)
            column.Numbers.Add(double.NaN);
        else
            column.Numbers.Add(Number(cell) ?? throw new InputException(
                $"{path}:{line}: {Quote.Of(cell)} in column {Quote.Of(column.Name)} is not a number; mend it, or leave it empty."));
    }

    private static string[] Names(string line) => line.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries);

    private static bool IsName(string text) =>
        text.Length > 0 && (char.IsLetter(text[0]) || text[0] == '_') && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Also as C prints what is none.</summary>
    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
        : text.Trim().TrimStart('-', '+') is "nan" or "inf" ? double.NaN : null;
}
