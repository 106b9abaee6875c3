using System.Text.Json;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Tables;

namespace Denoise.Cli.Report;

/// <summary>Writes a report: the page, with the data in it as JSON (<c>web/src/data.ts</c> has its types).</summary>
internal static class ReportWriter
{
    // Of buffered JSON, before it goes to the file.
    private const int MostPending = 1 << 20;

    /// <exception cref="InputException">the file cannot be written</exception>
    /// <returns>bytes</returns>
    public static long Write(string path, ReportPage page, ReportData report)
    {
        try
        {
            using UnfinishedFile file = new(path);
            using BufferedStream buffered = new(file.Stream, MostPending);
            buffered.Write(page.Head);
            long bytes = page.Head.Length + page.Tail.Length + WriteData(buffered, report);
            buffered.Write(page.Tail);
            buffered.Flush();
            file.Complete();
            return bytes;
        }
        catch (Exception error) when (WriteFailure.IsFromSystem(error))
        {
            throw WriteFailure.Of(path, error);
        }
    }

    /// <summary>The default encoder leaves no &lt; in it, so that nothing in a name ends the element that it is in.</summary>
    internal static long WriteData(Stream stream, ReportData report)
    {
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        json.WriteString("title", report.Title);
        json.WriteString("program", VersionAction.Text);
        json.WriteStartArray("notes");
        foreach (string note in report.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteStartArray("tables");
        foreach (DataTable table in report.Tables)
            Write(json, table);
        json.WriteEndArray();
        json.WriteStartArray("scenes");
        foreach (Scene scene in report.Scenes)
            scene.Write(json);
        json.WriteEndArray();
        json.WriteStartArray("structures");
        foreach (NamedStructure structure in report.Structures.All)
        {
            json.WriteStartObject();
            json.WriteString("name", structure.Name);
            json.WriteNumber("number", structure.Number);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return json.BytesCommitted;
    }

    private static void Write(Utf8JsonWriter json, DataTable table)
    {
        json.WriteStartObject();
        json.WriteString("name", Path.GetFileName(table.Name));
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(table.Kind.ToString()));
        if (table.ProfileEnd is { } end)
            json.WriteNumber("profileEnd", end);
        json.WriteStartArray("columns");
        foreach (TableColumn column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("role", JsonNamingPolicy.CamelCase.ConvertName(column.Role.ToString()));
            if (column.Of is not null)
                json.WriteString("of", column.Of);
            json.WriteStartArray("values");
            foreach (string word in column.Words)
                json.WriteStringValue(word);
            foreach (double value in column.Numbers)
                if (double.IsFinite(value))
                    json.WriteNumberValue(value);
                else
                    json.WriteNullValue();
            json.WriteEndArray();
            json.WriteEndObject();
            if (json.BytesPending > MostPending)
                json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
