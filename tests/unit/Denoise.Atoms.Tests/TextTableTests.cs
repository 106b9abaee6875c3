using System.Text;

namespace Denoise.Atoms.Tests;

public class TextTableTests
{
    [Fact]
    public void Words_are_numbered_in_the_order_of_their_first_appearance()
    {
        TextTable table = new();
        Dictionary<string, int> expected = [];
        Random random = new(1);
        for (int k = 0; k < 20_000; k++)
        {
            string word = $"w{random.Next(3000)}é";
            expected.TryAdd(word, expected.Count);
            Assert.Equal(expected[word], table.Add(Encoding.UTF8.GetBytes(word)));
        }

        Assert.Equal(expected.Count, table.Count);
        foreach (var (word, code) in expected)
            Assert.Equal(word, table[code]);
        table.Clear();
        Assert.Equal(0, table.Add("x"));
        Assert.Equal(1, table.Add(""));
        Assert.Equal(0, table.Add("x"));
    }

    [Fact]
    public void Known_words_allocate_nothing()
    {
        TextTable table = new();
        byte[][] words = [.. "Cu Zr O Si".Split(' ').Select(Encoding.UTF8.GetBytes)];
        foreach (byte[] word in words)
            table.Add(word.AsSpan());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 1000; k++)
            table.Add(words[k % 4].AsSpan());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
