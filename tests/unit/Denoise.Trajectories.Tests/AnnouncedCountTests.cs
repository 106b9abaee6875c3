using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

/// <summary>A header that announces more atoms than follow takes no memory for them, however many columns they would have.</summary>
public class AnnouncedCountTests
{
    private const long Bound = 512L << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Memory_follows_the_lines_and_not_the_header(int columns)
    {
        StringBuilder file = new($"{int.MaxValue}\nProperties=pos:R:3");
        for (int k = 0; k < columns; k++)
            file.Append($":c{k}:R:1");
        file.Append("\n0 0 0").Insert(file.Length, " 1", columns).Append('\n');

        using TrajectoryReader reader = Files.Open(file.ToString(), "test.xyz");
        using Frame frame = new();
        string message = Assert.Throws<InputException>(() => reader.Read(frame)).Message;
        Assert.Contains($"1 of {int.MaxValue} atoms", message, StringComparison.Ordinal);
        long bytes = frame.Positions.CapacityBytes + frame.Ids.CapacityBytes + frame.Types.CapacityBytes;
        // Every column holds as many rows as the positions.
        Assert.InRange(bytes + columns * frame.Positions.CapacityBytes / 3, 1, Bound);
    }
}
