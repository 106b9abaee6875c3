using System.Text;
using Denoise.TestSupport;

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
        Assert.Equal(0, Allocations.AfterTheFirst(() =>
        {
            foreach (byte[] word in words)
                table.Add(word.AsSpan());
        }));
    }
}
