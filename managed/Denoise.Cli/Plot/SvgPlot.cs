using System.Globalization;
using System.Security;
using System.Text;

namespace Denoise.Cli.Plot;

/// <summary>A plot as SVG, for papers: vectors, text that stays text, no style but what journals ask for.</summary>
internal static class SvgPlot
{
    /// <summary>Within the first bytes, by which an earlier plot is known.</summary>
    public const string Mark = "<desc>denoise plot</desc>";

    private const double Left = 74;
    private const double Top = 34;
    private const double Bottom = 50;
    private const double LegendMargin = 40;
    private const double LegendLine = 18;
    private const double FontSize = 13;

    /// <summary>Of a letter, in parts of the size; wider than most, because names are words, digits and underscores.</summary>
    private const double LetterWidth = 0.62;

    /// <summary>In which every name of the legend has a line, and no less than 420 pixels.</summary>
    public static int HeightFor(PlotPicture picture) => Math.Max(420, (int)(Top + Bottom + LegendLine * picture.Series.Count));

    /// <param name="picture">what is drawn</param>
    /// <param name="width">of all of it, in pixels</param>
    /// <param name="height">the same</param>
    public static string Draw(PlotPicture picture, int width, int height)
    {
        double bottom = height - Bottom, line = Math.Min(LegendLine, (bottom - Top) / picture.Series.Count);
        // The legend is as wide as its names, in letters that leave at least half of the picture to the lines.
        int longest = picture.Series.Max(series => series.Name.Length);
        double letters = Math.Min(FontSize * line / LegendLine, (width / 2.0 - LegendMargin) / (LetterWidth * longest));
        double right = width - Math.Max(100, LegendMargin + LetterWidth * longest * letters);
        PlotAxis x = picture.CreateX(), y = picture.CreateY();
        double X(double value) => Left + (right - Left) * x.At(value);
        double Y(double value) => bottom - (bottom - Top) * y.At(value);
        StringBuilder svg = new();
        void Add(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        void Text(double atX, double atY, string anchor, string text) =>
            Add($"""<text x="{atX:F1}" y="{atY:F1}" text-anchor="{anchor}">{SecurityElement.Escape(text)}</text>""");

        Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" """);
        Add($"""font-family="Helvetica, Arial, sans-serif" font-size="{FontSize}">{Mark}<rect width="100%" height="100%" fill="white"/>""");
        Text((Left + right) / 2, 20, "middle", picture.Title);
        Text((Left + right) / 2, height - 12, "middle", picture.XLabel);
        foreach ((double value, string text) in x.Ticks((int)((right - Left) / 80)))
        {
            Add($"""<path d="M{X(value):F2} {Top}V{bottom + 5}" stroke="#e3e6ea"/>""");
            Text(X(value), bottom + 19, "middle", text);
        }

        foreach ((double value, string text) in y.Ticks((int)((bottom - Top) / 40)))
        {
            Add($"""<path d="M{Left - 5} {Y(value):F2}H{right}" stroke="#e3e6ea"/>""");
            Text(Left - 9, Y(value) + 4.5, "end", text);
        }

        Add($"""<path d="M{Left} {Top}V{bottom}H{right}" fill="none" stroke="black"/>""");
        for (int k = 0; k < picture.Series.Count; k++)
        {
            PlotSeries series = picture.Series[k];
            string color = $"#{series.Color.R:x2}{series.Color.G:x2}{series.Color.B:x2}";
            string dashes = series.IsDashed ? " stroke-dasharray=\"6 4\"" : "";
            string pen = $"fill=\"none\" stroke=\"{color}\" stroke-width=\"1.6\" stroke-linejoin=\"round\"{dashes}";
            Add($"""<path d="{Line(series, y, X, Y)}" {pen}><title>{SecurityElement.Escape(series.Name)}</title></path>""");
            double place = Top + line * (k + 0.5);
            Add($"""<path d="M{right + 12} {place:F1}h20" {pen}/>""");
            string at = $"x=\"{(right + LegendMargin - 4).ToString("F1", CultureInfo.InvariantCulture)}\"";
            Add($"""<text {at} y="{place + 0.35 * letters:F1}" font-size="{letters:F1}">{SecurityElement.Escape(series.Name)}</text>""");
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Points of which none is missing are connected; one alone is a dot.</summary>
    private static string Line(PlotSeries series, PlotAxis y, Func<double, double> atX, Func<double, double> atY)
    {
        StringBuilder path = new();
        bool isOpen = false;
        for (int k = 0; k < series.X.Length; k++)
        {
            bool isOn = y.IsOn(series.Y[k]);
            if (isOn)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{atX(series.X[k]):F2} {atY(series.Y[k]):F2}");
                bool isAlone = !isOpen && (k + 1 == series.X.Length || !y.IsOn(series.Y[k + 1]));
                path.Append(isAlone ? "m-2 0h4m-2-2v4" : "");
            }

            isOpen = isOn;
        }

        return path.ToString();
    }
}
