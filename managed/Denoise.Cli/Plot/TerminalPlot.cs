using System.Globalization;
using System.Text;

namespace Denoise.Cli.Plot;

/// <summary>A plot of characters: Braille patterns, two dots across and four upwards, and the names at the ends of lines.</summary>
internal static class TerminalPlot
{
    private const int Least = 20;
    private const int MostName = 24;
    private const char Blank = '\u2800';

    // Of the dots of a pattern, by row and column.
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <param name="picture">what is drawn</param>
    /// <param name="width">characters of a line</param>
    /// <param name="height">lines of the field</param>
    /// <param name="hasColors">whether the terminal shows colors</param>
    public static string Draw(PlotPicture picture, int width, int height, bool hasColors)
    {
        PlotAxis x = picture.CreateX(), y = picture.CreateY();
        IReadOnlyList<(double Value, string Text)> up = y.Ticks(Math.Max(2, height / 4));
        string[] names = [.. picture.Series.Select(series => series.Name.Length > MostName ? series.Name[..MostName] : series.Name)];
        int margin = up.Select(tick => tick.Text.Length).DefaultIfEmpty(0).Max() + 1, right = names.Max(name => name.Length) + 1;
        int columns = Math.Max(Least, width - margin - 1 - right);

        int[,] dots = new int[height, columns], owners = new int[height, columns];
        for (int k = 0; k < picture.Series.Count; k++)
            Trace(picture.Series[k], x, y, 2 * columns, 4 * height, (across, row) =>
            {
                dots[row / 4, across / 2] |= Bits[row % 4, across % 2];
                owners[row / 4, across / 2] = k;
            });

        Dictionary<int, string> ticks = [];
        foreach ((double value, string text) in up)
            ticks[Row(y.At(value), height)] = text;
        Dictionary<int, int> ends = Ends(picture, y, height);
        StringBuilder plot = new();
        plot.Append(' ', margin + 1).Append(picture.Title).Append('\n');
        for (int row = 0; row < height; row++)
        {
            string tick = ticks.GetValueOrDefault(row, "");
            plot.Append(tick.PadLeft(margin)).Append(tick.Length > 0 ? '┤' : '│');
            for (int column = 0; column < columns; column++)
                Paint(plot, picture.Series[owners[row, column]], hasColors && dots[row, column] != 0,
                    dots[row, column] == 0 ? " " : ((char)(Blank + dots[row, column])).ToString());
            if (ends.TryGetValue(row, out int named))
                Paint(plot, picture.Series[named], hasColors, " " + names[named]);
            TrimEnd(plot).Append('\n');
        }

        return plot.Append(Below(x, picture.XLabel, margin, columns)).ToString();
    }

    private static void Paint(StringBuilder plot, PlotSeries series, bool hasColors, string text)
    {
        if (hasColors)
            plot.Append(CultureInfo.InvariantCulture, $"\u001b[38;2;{series.Color.R};{series.Color.G};{series.Color.B}m{text}\u001b[0m");
        else
            plot.Append(text);
    }

    private static StringBuilder TrimEnd(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        return text;
    }

    private static int Row(double part, int height) => Math.Clamp((int)((1 - part) * height), 0, height - 1);

    /// <summary>Sets the dots of a line; each of its steps has as many as it is long, at most those of the field.</summary>
    private static void Trace(PlotSeries series, PlotAxis x, PlotAxis y, int width, int height, Action<int, int> set)
    {
        (int X, int Y)? last = null;
        for (int k = 0; k < series.X.Length; k++)
        {
            if (!y.IsOn(series.Y[k]))
            {
                last = null;
                continue;
            }

            (int X, int Y) point = (Math.Clamp((int)(x.At(series.X[k]) * width), 0, width - 1), Row(y.At(series.Y[k]), height));
            (int X, int Y) from = last ?? point;
            int steps = Math.Max(1, Math.Max(Math.Abs(point.X - from.X), Math.Abs(point.Y - from.Y)));
            for (int step = 0; step <= steps; step++)
                set(from.X + (point.X - from.X) * step / steps, from.Y + (point.Y - from.Y) * step / steps);
            last = point;
        }
    }

    /// <summary>The row of each line's name: where the line ends, or the nearest row that has none yet.</summary>
    private static Dictionary<int, int> Ends(PlotPicture picture, PlotAxis y, int height)
    {
        Dictionary<int, int> ends = [];
        for (int k = 0; k < picture.Series.Count && ends.Count < height; k++)
        {
            double last = Array.FindLast(picture.Series[k].Y, y.IsOn);
            int row = y.IsOn(last) ? Row(y.At(last), height) : 0, away = 0;
            // 0, 1, -1, 2, -2, ...
            for (; !(row + away >= 0 && row + away < height && !ends.ContainsKey(row + away)); away = away > 0 ? -away : 1 - away)
            {
            }

            ends[row + away] = k;
        }

        return ends;
    }

    private static string Below(PlotAxis x, string label, int margin, int columns)
    {
        char[] line = new string('─', columns).ToCharArray(), texts = new string(' ', columns + margin + 1).ToCharArray();
        int free = 0;
        foreach ((double value, string text) in x.Ticks(Math.Max(2, columns / 14)))
        {
            int at = Math.Clamp((int)(x.At(value) * columns), 0, columns - 1);
            int start = Math.Clamp(margin + 1 + at - text.Length / 2, 0, texts.Length - text.Length);
            if (start < free)
                continue;
            line[at] = '┬';
            text.CopyTo(0, texts, start, text.Length);
            free = start + text.Length + 1;
        }

        return $"{new string(' ', margin)}└{new string(line)}\n{new string(texts).TrimEnd()}  {label}\n";
    }
}
