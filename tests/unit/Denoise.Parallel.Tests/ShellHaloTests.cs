using Denoise.Atoms;
using Denoise.Neighbors;

namespace Denoise.Parallel.Tests;

public sealed unsafe class ShellHaloTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    public void Every_image_receives_the_row_of_its_owner(int width)
    {
        using var shell = new GhostShell();
        double[] positions = [1, 1, 1, 9, 5, 5, 5, 5, 5];
        fixed (double* r = positions)
            shell.Build(r, 3, Box.Orthogonal(10, 10, 10), 2);
        Assert.Equal(7 + 1, shell.GhostCount);

        int total = shell.View.Count;
        double[] expected = new double[total * width];
        for (int i = 0; i < total; i++)
        {
            int owner = i < 3 ? i : shell.Owners[i - 3];
            for (int k = 0; k < width; k++)
                expected[i * width + k] = 100 * owner + k;
        }

        var halo = new ShellHalo(shell);
        double[] wide = [.. expected.Select((value, at) => at < 3 * width ? value : double.NaN)];
        float[] narrow = [.. wide.Select(value => (float)value)];
        fixed (double* rows = wide)
            halo.Forward(rows, width);
        fixed (float* rows = narrow)
            halo.Forward(rows, width);
        Assert.Equal(expected, wide);
        Assert.Equal(expected.Select(value => (float)value), narrow);
    }
}
