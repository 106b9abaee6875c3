using System.Runtime.Intrinsics;
using Denoise.Neighbors.Cells;

namespace Denoise.Neighbors.Tests;

public sealed unsafe class LaneCompactionTests
{
    [Fact]
    public void Every_mask_selects_its_lanes_in_order()
    {
        Vector256<int> first = Vector256<int>.Indices + Vector256.Create(10), second = first + Vector256.Create(10);
        int* toFirst = stackalloc int[8], toSecond = stackalloc int[8];
        for (uint mask = 0; mask < 256; mask++)
        {
            int[] lanes = [.. Enumerable.Range(0, 8).Where(lane => (mask >> lane & 1) != 0)];
            Assert.Equal(lanes.Length, LaneCompaction.Store(first, mask, toFirst));
            Assert.Equal(lanes.Select(lane => lane + 10), new Span<int>(toFirst, lanes.Length).ToArray());
            Assert.Equal(lanes.Length, LaneCompaction.Store(first, second, mask, toFirst, toSecond));
            Assert.Equal(lanes.Select(lane => lane + 10), new Span<int>(toFirst, lanes.Length).ToArray());
            Assert.Equal(lanes.Select(lane => lane + 20), new Span<int>(toSecond, lanes.Length).ToArray());
        }
    }
}
