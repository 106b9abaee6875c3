using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Denoise.Atoms;
using Denoise.Cli.Plot;
using Denoise.Cli.Tables;

namespace Denoise.Cli.Tests;

public sealed class PlotTests
{
    [Theory]
    [InlineData(0, 2000, 5, "0 500 1000 1500 2000")]
    [InlineData(0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.917, 0.931, 4, "0.920 0.925 0.930")]
    [InlineData(-3, 7, 5, "-2 0 2 4 6")]
    [InlineData(1e-7, 4e-7, 4, "1e-7 2e-7 3e-7 4e-7")]
    [InlineData(1e9, 3e9, 3, "1e9 2e9 3e9")]
    public void Ticks_are_round(double low, double high, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', new PlotAxis([low, high], false, false).Ticks(most).Select(tick => tick.Text)));

    [Fact]
    public void Ticks_of_a_logarithmic_axis_are_powers_of_ten()
    {
        PlotAxis axis = new([0, -1, 0.002, 30], isLogarithmic: true, isPadded: false);
        Assert.Equal([0.01, 0.1, 1, 10], axis.Ticks(6).Select(tick => Math.Round(tick.Value, 12)));
        Assert.False(axis.IsOn(0));
        Assert.Equal(0, axis.At(0.002), 1e-12);
        Assert.Equal(1, axis.At(30), 1e-12);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(1e300, 1e300)]
    [InlineData(-1.7e308, 1.7e308)]
    [InlineData(1, 1.0000000000000002)]
    [InlineData(double.NaN, double.PositiveInfinity)]
    public void No_axis_has_ticks_without_end(double low, double high) =>
        Assert.InRange(new PlotAxis([low, high], false, true).Ticks(8).Count, 0, 9);

    [Fact]
    public void The_svg_has_the_values_of_the_table()
    {
        double[] x = [0, 1, 2, 3, 4], y = [1, 5, double.NaN, 3, 2];
        PlotPicture picture = new("a < b", "step", [new("one & two", x, y, (1, 2, 3), IsDashed: true)], false);
        string svg = SvgPlot.Draw(picture, 800, 400);
        XElement path = XDocument.Parse(svg).Descendants().Single(element => element.Name.LocalName == "path" &&
            element.Elements().Any(child => child is { Name.LocalName: "title", Value: "one & two" }));
        Assert.Equal("#010203", path.Attribute("stroke")!.Value);
        Assert.NotNull(path.Attribute("stroke-dasharray"));
        (string Pen, double X, double Y)[] points = [.. Regex.Matches(path.Attribute("d")!.Value, @"([ML])([\d.]+) ([\d.]+)").Select(match =>
            (match.Groups[1].Value, Number(match.Groups[2].Value), Number(match.Groups[3].Value)))];
        Assert.Equal(["M", "L", "M", "L"], points.Select(point => point.Pen));
        // On the picture as far from the first as in the table.
        double perX = (points[3].X - points[0].X) / 4, perY = (points[1].Y - points[0].Y) / 4;
        Assert.True(perX > 0 && perY < 0);
        foreach ((int k, int row) in new[] { (0, 0), (1, 1), (2, 3), (3, 4) })
        {
            Assert.Equal(points[0].X + perX * x[row], points[k].X, 0.02);
            Assert.Equal(points[0].Y + perY * (y[row] - 1), points[k].Y, 0.02);
        }
    }

    [Theory]
    [InlineData(1, 10, 720, 420)]
    [InlineData(8, 28, 720, 420)]
    [InlineData(40, 60, 720, 420)]
    [InlineData(40, 200, 320, 160)]
    public void Every_name_has_its_place_in_the_legend(int count, int length, int width, int height)
    {
        double[] x = [0, 1];
        PlotPicture picture = new("t", "step", [.. Enumerable.Range(0, count).Select(k =>
            new PlotSeries($"{k:D3}".PadRight(length, 'm'), x, x, default, false))], false);
        XElement[] names = [.. XDocument.Parse(SvgPlot.Draw(picture, width, height)).Descendants().Where(element =>
            element.Name.LocalName == "text" && element.Value.Length == length && element.Value.EndsWith('m'))];
        Assert.Equal(count, names.Length);
        double below = 0;
        foreach (XElement name in names)
        {
            double size = Number(name.Attribute("font-size")!.Value), y = Number(name.Attribute("y")!.Value);
            // Letters of Helvetica and its like are 0.56 of their size wide, on the average of texts.
            Assert.InRange(Number(name.Attribute("x")!.Value) + 0.56 * length * size, 0, width);
            Assert.InRange(y - below, 0.7 * size, height - below);
            below = y;
        }

        Assert.True(below < height);
        int tall = SvgPlot.HeightFor(picture);
        Assert.Equal(count > 18, tall > 420);
    }

    [Fact]
    public void The_terminal_shows_lines_ticks_and_names()
    {
        double[] x = [0, 1, 2, 3];
        PlotPicture picture = new("title", "step", [new("up", x, [0, 1, 2, 3], default, false), new("flat", x, [0, 0, 0, 0], default, false)], false);
        string[] lines = TerminalPlot.Draw(picture, 50, 10, hasColors: false).TrimEnd('\n').Split('\n');
        Assert.Equal(13, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 56));
        Assert.EndsWith(" up", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" flat", lines[10], StringComparison.Ordinal);
        Assert.Contains("0┤", lines[10], StringComparison.Ordinal);
        // The rising line goes from the lower left to the upper right: in every row farther right than below.
        int[] firsts = [.. lines[1..10].Select(line => Array.FindIndex(line.ToCharArray(), c => c is > '\u2800' and <= '\u28ff'))];
        Assert.True(firsts.SequenceEqual(firsts.OrderDescending()), string.Join(' ', firsts));
        Assert.All(firsts, first => Assert.True(first > 0));
        string colored = TerminalPlot.Draw(picture with { Series = [picture.Series[0] with { Color = (9, 8, 7) }] }, 50, 10, hasColors: true);
        Assert.Contains("\u001b[38;2;9;8;7m", colored, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_long_lines_what_can_be_seen_is_drawn()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(k => (double)k)], y = [.. x.Select(k => k == 54_321 ? 100 : Math.Sin(k))];
        PlotSeries thin = new PlotSeries("a", x, y, default, false).Thinned();
        Assert.InRange(thin.X.Length, 1000, 4004);
        Assert.Equal((0.0, 99_999.0), (thin.X[0], thin.X[^1]));
        Assert.Equal((y.Max(), y.Min()), (thin.Y.Max(), thin.Y.Min()));
        Assert.True(thin.X.SequenceEqual(thin.X.Distinct().Order()));
        Assert.All(thin.X.Zip(thin.Y), point => Assert.Equal(y[(int)point.First], point.Second));
    }

    [Fact]
    public void A_table_suggests_its_columns()
    {
        DataTable frames = Table([("step", [1, 0]), ("atoms", [9, 9]), ("other", [4, 5]), ("fcc", [5, 4]), ("hcp", [0, 0]), ("raw_other", [8, 8]),
            ("raw_fcc", [1, 1]), ("raw_hcp", [0, 0]), ("s[1]", [1, 2]), ("s[2]", [3, 4])]);
        PlotPicture picture = PlotChoice.Choose(frames, [], null, null);
        Assert.Equal(["other", "fcc", "raw_other", "raw_fcc"], picture.Series.Select(series => series.Name));
        Assert.Equal([0, 1], picture.Series[0].X);
        Assert.Equal([5, 4], picture.Series[0].Y);
        Assert.Equal([false, false, true, true], picture.Series.Select(series => series.IsDashed));
        Assert.Equal(["s[1]", "s[2]"], PlotChoice.Choose(frames, ["s"], null, null).Series.Select(series => series.Name));
        Assert.Equal("fcc", PlotChoice.Choose(frames, ["atoms"], "fcc", null).XLabel);
        Assert.Contains("'none'", Assert.Throws<InputException>(() => PlotChoice.Choose(frames, ["none"], null, null)).Message,
            StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static DataTable Table((string Name, double[] Values)[] columns)
    {
        DataTable table = new("t.csv");
        for (int row = 0; row < columns[0].Values.Length; row++)
            table.AddRow(columns.Select(column => (column.Name, column.Values[row])));
        ColumnRoles.Assign(table);
        return table;
    }
}
