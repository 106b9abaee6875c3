using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.Output;

/// <summary>A line per frame for people.</summary>
/// <param name="output">where the table goes</param>
/// <param name="denoises">whether there are columns on denoising</param>
/// <param name="identifies">whether there are columns on structures</param>
internal sealed class TableReport(TextWriter output, bool denoises, bool identifies) : IFrameReport
{
    private const int MostNumbers = 8;
    private const int MostStructures = 8;
    private const int NumberWidth = 10;
    private const int CountWidth = 9;

    private bool _begun;

    public void Add(FrameSummary frame)
    {
        if (!_begun)
            Header(frame);
        _begun = true;
        Write($"{frame.Step,10} {frame.Atoms,10}");
        if (frame.Selected is { } selected)
            Write($" {selected,10}");
        if (frame.Counts is { } counts)
        {
            for (int k = 0; HasColumns(frame) && k < counts.Length; k++)
                Write(" " + counts[k].ToString(CultureInfo.InvariantCulture).PadLeft(Width(frame.Structures[k])));
            if (frame.RawCounts is { } before)
                Write($" {Identified(before),7:F2}% {Identified(counts),7:F2}%");
            else
                Write($" {Identified(counts),9:F2}%");
        }

        if (denoises)
            Write($" {frame.Iterations,4} {frame.Scale,7:F4} {frame.RmsDisplacement,9:F4}");
        foreach (FrameNumber number in Shown(frame))
            Write(" " + number.ToShortText().PadLeft(Width(number)));
        if (frame.Counts is not null && !HasColumns(frame))
            Write("  " + Found(frame));
        output.WriteLine();
        output.Flush();
    }

    public void CountWarning() { }

    public void CountBad() { }

    public void End() => output.Flush();

    private static double Identified(long[] counts)
    {
        long all = counts.Sum();
        return all == 0 ? 0 : 100.0 * (all - counts[0]) / all;
    }

    // Histograms are for programs.
    private static IReadOnlyList<FrameNumber> Shown(FrameSummary frame) => frame.Globals.Count <= MostNumbers ? frame.Globals : [];

    // Of many structures most are not there.
    private static bool HasColumns(FrameSummary frame) => frame.Structures.Count <= MostStructures;

    /// <summary>The structures that there are, the most frequent first.</summary>
    private static string Found(FrameSummary frame) => string.Join(", ", frame.Structures.Zip(frame.Counts!)
        .Where(pair => pair.Second > 0).OrderByDescending(pair => pair.Second)
        .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.First.Name} {pair.Second}")));

    private static int Width(NamedStructure structure) => Math.Max(structure.Name.Length, CountWidth);

    private static int Width(FrameNumber number) => Math.Max(number.Name.Length, NumberWidth);

    private void Header(FrameSummary frame)
    {
        if (frame.Structures.Count > 0 && !frame.Structures.SequenceEqual(StructureTable.OfCommonNeighbors))
            output.WriteLine("named by the model: " + string.Join(", ", frame.Structures.Select(
                structure => string.Create(CultureInfo.InvariantCulture, $"{structure.Name} = {structure.Number}"))));
        Write($"{"step",10} {"atoms",10}");
        if (frame.Selected is not null)
            Write($" {"selected",10}");
        if (identifies)
        {
            foreach (NamedStructure structure in HasColumns(frame) ? frame.Structures : [])
                Write(" " + structure.Name.PadLeft(Width(structure)));
            Write(frame.RawCounts is not null ? $" {"before",8} {"after",8}" : $" {"identified",10}");
        }

        if (denoises)
            Write($" {"iter",4} {"scale",7} {"rms disp",9}");
        foreach (FrameNumber number in Shown(frame))
            Write(" " + number.Name.PadLeft(Width(number)));
        if (identifies && !HasColumns(frame))
            Write("  structures");
        output.WriteLine();
    }

    private void Write(FormattableString text) => output.Write(text.ToString(CultureInfo.InvariantCulture));

    private void Write(string text) => output.Write(text);
}
