using Denoise.Atoms;
using Denoise.Cli.Selection;

namespace Denoise.Cli.Tests;

public sealed class SelectionTests
{
    private const int Count = 3000;

    /// <summary>Longer than a block, and no multiple of one.</summary>
    private static Frame Sample()
    {
        Frame frame = new();
        frame.Resize(Count);
        frame.NumberAtoms();
        frame.Elements.AddRange(["Cu", "Zr"]);
        Span<double> q = frame.SetColumn("q", ColumnKind.Real).Reals;
        Span<long> s = frame.SetColumn("s[1]", ColumnKind.Integer).Integers;
        FrameColumn label = frame.SetColumn("label", ColumnKind.Text);
        for (int i = 0; i < Count; i++)
        {
            frame.Types[i] = 1 + i % 2;
            (frame.Positions[3L * i], frame.Positions[3L * i + 1], frame.Positions[3L * i + 2]) = (i, -i, i % 7);
            q[i] = i % 5 == 0 ? double.NaN : i / 10.0;
            s[i] = i % 11 - 5;
            label.WordCodes[i] = label.Words.Add($"w{i % 3}");
        }

        return frame;
    }

    private static long[] Selected(string expression)
    {
        using Frame frame = Sample();
        int count = new AtomSelection(expression).Apply(frame);
        Assert.Equal(count, frame.Count);
        return frame.Ids.Span.ToArray();
    }

    private static void AssertSelects(string expression, Func<int, bool> expected) =>
        Assert.Equal(Enumerable.Range(0, Count).Where(expected).Select(i => (long)i + 1), Selected(expression));

    [Fact]
    public void Operators_mean_what_they_mean_elsewhere()
    {
        AssertSelects("x < 10", i => i < 10);
        AssertSelects("id <= 10 || id > 2990", i => i + 1 is <= 10 or > 2990);
        AssertSelects("x + y == 0 && z * 2 >= 8", i => i % 7 >= 4);
        AssertSelects("z - 1 - 1 == 1", i => i % 7 == 3);
        AssertSelects("x / 2 / 2 < 1.5", i => i / 4.0 < 1.5);
        AssertSelects("x % 10 == 3 && !(type == 2)", i => i % 10 == 3 && i % 2 == 0);
        AssertSelects("1 + 2 * 3 == 7 && z == 0", i => i % 7 == 0);
        AssertSelects("-x > -5", i => i < 5);
        AssertSelects("abs(s[1]) == 5", i => i % 11 is 0 or 10);
        AssertSelects("sqrt(x) > 50", i => Math.Sqrt(i) > 50);
        AssertSelects("min(x, 100 - x) > max(20, 3e1)", i => Math.Min(i, 100 - i) > 30);
        AssertSelects("z", i => i % 7 != 0);
        AssertSelects("!z", i => i % 7 == 0);
        AssertSelects("type != 1 && id % 2 == 0 || x == 0", i => i % 2 == 1 || i == 0);
        AssertSelects("((((1))))", _ => true);
        AssertSelects("1 > 2", _ => false);
    }

    [Fact]
    public void What_is_no_number_is_not_true()
    {
        AssertSelects("q", i => i % 5 != 0 && i > 0);
        AssertSelects("q >= 0 || q < 0", i => i % 5 != 0);
        AssertSelects("!(q > 1)", i => i % 5 == 0 || i / 10.0 <= 1);
        AssertSelects("sqrt(-1)", _ => false);
    }

    [Fact]
    public void Words_are_compared_with_words()
    {
        AssertSelects("label == 'w1'", i => i % 3 == 1);
        AssertSelects("label != w1", i => i % 3 != 1);
        AssertSelects("label == none", _ => false);
        AssertSelects("element == \"Zr\" && x < 9", i => i % 2 == 1 && i < 9);
        AssertSelects("Cu != element", i => i % 2 == 1);
    }

    [Fact]
    public void Columns_and_positions_follow_the_atoms()
    {
        using Frame frame = Sample();
        new AtomSelection("id % 1000 == 1").Apply(frame);
        Assert.Equal([0, 1000, 2000], Enumerable.Range(0, 3).Select(i => frame.Positions[3L * i]));
        Assert.Equal(["w0", "w1", "w2"], Enumerable.Range(0, 3).Select(frame.FindColumn("label")!.TextAt));
        Assert.Equal([-5L, 5, 4], frame.FindColumn("s[1]")!.Integers.ToArray());
    }

    [Fact]
    public void Names_are_known_before_there_is_a_frame() =>
        Assert.Equal(["a", "b[2]", "c.x"], new AtomSelection("a > 1 && max(b[2], -c.x) < 2").Names.Order());

    [Theory]
    [InlineData("", 1, "the expression ends")]
    [InlineData("x >", 4, "the expression ends")]
    [InlineData("x = 1", 3, "write '=='")]
    [InlineData("x & y", 3, "write '&&'")]
    [InlineData("x | y", 3, "write '||'")]
    [InlineData("x > 1 y", 7, "an operator is")]
    [InlineData("(x > 1", 1, "not closed")]
    [InlineData("x > 1)", 6, "')' is not expected")]
    [InlineData("1 < x < 2", 7, "a < b && b < c")]
    [InlineData("cos(x)", 1, "there are abs, sqrt, min, max")]
    [InlineData("min(x)", 6, "two values")]
    [InlineData("x == 'a", 6, "not closed")]
    [InlineData("s[1 > 2", 2, "not closed")]
    [InlineData("x # 2", 3, "means nothing")]
    [InlineData("1.2.3 > x", 1, "is not a number")]
    [InlineData("spin > 1", 1, "'spin' is no column; there are id, type, element, x, y, z, q, s[1], label")]
    [InlineData("x > label", 5, "holds words")]
    [InlineData("label == 1", 10, "in quotes")]
    [InlineData("'a' > 1", 1, "can only be compared")]
    [InlineData("element == x + 1", 14, "only be compared with one")]
    public void Mistakes_are_named_with_their_place(string expression, int position, string expected)
    {
        string message = Assert.Throws<InputException>(() => Selected(expression)).Message;
        Assert.StartsWith($"--select: at character {position}: ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Contains("nested too deeply", Assert.Throws<InputException>(() => Selected(new string('(', 5000))).Message);
}
