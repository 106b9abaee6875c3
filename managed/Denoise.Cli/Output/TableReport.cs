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
    private const int NumberWidth = 10;

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
            foreach (var (_, type) in StructureNames.Short)
                Write($" {counts[(int)type],9}");
            if (denoises)
                Write($" {Identified(frame.RawCounts!),7:F2}% {Identified(counts),7:F2}%");
            else
                Write($" {Identified(counts),9:F2}%");
        }

        if (denoises)
            Write($" {frame.Iterations,4} {frame.Scale,7:F4} {frame.RmsDisplacement,9:F4}");
        foreach (FrameNumber number in Shown(frame))
            Write(" " + number.ToShortText().PadLeft(Width(number)));
        output.WriteLine();
        output.Flush();
    }

    public void CountWarning() { }

    public void CountBad() { }

    public void End() => output.Flush();

    private static double Identified(long[] counts)
    {
        long all = counts.Sum();
        return all == 0 ? 0 : 100.0 * (all - counts[(int)StructureType.Other]) / all;
    }

    // Histograms are for programs.
    private static IReadOnlyList<FrameNumber> Shown(FrameSummary frame) => frame.Globals.Count <= MostNumbers ? frame.Globals : [];

    private static int Width(FrameNumber number) => Math.Max(number.Name.Length, NumberWidth);

    private void Header(FrameSummary frame)
    {
        Write($"{"step",10} {"atoms",10}");
        if (frame.Selected is not null)
            Write($" {"selected",10}");
        if (identifies)
        {
            foreach (var (name, _) in StructureNames.Short)
                Write($" {name,9}");
            Write(denoises ? $" {"before",8} {"after",8}" : $" {"identified",10}");
        }

        if (denoises)
            Write($" {"iter",4} {"scale",7} {"rms disp",9}");
        foreach (FrameNumber number in Shown(frame))
            Write(" " + number.Name.PadLeft(Width(number)));
        output.WriteLine();
    }

    private void Write(FormattableString text) => output.Write(text.ToString(CultureInfo.InvariantCulture));

    private void Write(string text) => output.Write(text);
}
