namespace Denoise.Cli.Plot;

/// <summary>What a plot shows, wherever it is drawn.</summary>
/// <param name="Title">above it</param>
/// <param name="XLabel">of the axis across</param>
/// <param name="Series">at least one</param>
/// <param name="IsLogarithmic">the axis upwards</param>
internal sealed record PlotPicture(string Title, string XLabel, IReadOnlyList<PlotSeries> Series, bool IsLogarithmic)
{
    public PlotAxis CreateX() => new(Series.SelectMany(series => series.X), isLogarithmic: false, isPadded: false);

    public PlotAxis CreateY() => new(Series.SelectMany(series => series.Y), IsLogarithmic, isPadded: true);
}
