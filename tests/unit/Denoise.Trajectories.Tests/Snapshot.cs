using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

/// <summary>A copy of what a frame holds, to compare and to keep while the frame is refilled.</summary>
internal sealed record Snapshot(
    long Step,
    double? Time,
    string? Units,
    Box Box,
    bool Unwrapped,
    double[] Positions,
    long[] Ids,
    int[] Types,
    string?[] Elements,
    Dictionary<string, string[]> Columns)
{
    public static Snapshot Of(Frame frame) => new(
        frame.Step,
        frame.Time,
        frame.Units,
        frame.Box,
        frame.Unwrapped,
        frame.Positions.Span.ToArray(),
        frame.Ids.Span.ToArray(),
        frame.Types.Span.ToArray(),
        [.. frame.Elements],
        frame.Columns.ToDictionary(c => c.Name, c => Enumerable.Range(0, frame.Count).Select(c.TextAt).ToArray()));

    public static void AssertEqual(Snapshot expected, Snapshot actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(expected.Time, actual.Time);
        Assert.Equal(expected.Units, actual.Units);
        Assert.Equal(expected.Box, actual.Box);
        Assert.Equal(expected.Unwrapped, actual.Unwrapped);
        Assert.Equal(expected.Positions, actual.Positions);
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal(expected.Types, actual.Types);
        Assert.Equal(expected.Elements, actual.Elements);
        Assert.Equal(expected.Columns.Keys, actual.Columns.Keys);
        foreach (string name in expected.Columns.Keys)
            Assert.Equal(expected.Columns[name], actual.Columns[name]);
    }
}
