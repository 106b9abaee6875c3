using Denoise.TestSupport;

namespace Denoise.Atoms.Tests;

public class FrameTests
{
    [Fact]
    public void A_column_is_replaced_where_it_stands_and_a_new_one_goes_to_the_end()
    {
        using Frame frame = new();
        frame.Resize(2);
        frame.SetColumn("a", ColumnKind.Integer).Integers.Fill(1);
        frame.SetColumn("b", ColumnKind.Real).Reals.Fill(0.5);
        frame.SetColumn("c", ColumnKind.Integer);
        FrameColumn a = frame.SetColumn("a", ColumnKind.Real);
        a.Reals.Fill(1.5);
        Assert.Equal(["a", "b", "c"], frame.Columns.Select(column => column.Name));
        Assert.Equal(1.5, frame.FindColumn("a")!.RealAt(1));
        Assert.Equal(0.5, frame.FindColumn("b")!.RealAt(1));
        Assert.Throws<InvalidOperationException>(() => a.Integers.Length);
    }

    [Fact]
    public void Some_atoms_and_some_columns_are_kept_in_their_order()
    {
        using Frame frame = new();
        frame.Resize(4);
        frame.NumberAtoms();
        frame.SetColumn("a", ColumnKind.Integer);
        frame.SetColumn("b", ColumnKind.Real);
        for (int i = 0; i < 4; i++)
        {
            (frame.Types[i], frame.Positions[3 * i + 2]) = (i, 10 * i);
            (frame.Columns[0].Integers[i], frame.Columns[1].Reals[i]) = (i, i / 2.0);
        }

        frame.Keep([1, 3]);
        Assert.Equal([2L, 4], frame.Ids.Span.ToArray());
        Assert.Equal([1, 3], frame.Types.Span.ToArray());
        Assert.Equal((10, 30), (frame.Positions[2], frame.Positions[5]));
        Assert.Equal([1L, 3], frame.Columns[0].Integers.ToArray());
        Assert.Equal([0.5, 1.5], frame.Columns[1].Reals.ToArray());
        frame.KeepColumns(["b", "none"]);
        Assert.Equal("b", Assert.Single(frame.Columns).Name);
    }

    [Fact]
    public void Growing_keeps_what_is_there_in_every_column()
    {
        using Frame frame = new();
        frame.Resize(3);
        frame.NumberAtoms();
        frame.SetColumn("q", ColumnKind.Real).Reals.Fill(0.25);
        for (int k = 0; k < 9; k++)
            frame.Positions[k] = k;
        frame.Grow(100_000);
        Assert.Equal([1, 2, 3], frame.Ids.Span[..3].ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], frame.Positions.Span[..9].ToArray());
        Assert.Equal([0.25, 0.25, 0.25], frame.FindColumn("q")!.Reals[..3].ToArray());
        Assert.Equal(100_000, frame.FindColumn("q")!.Count);
    }

    [Fact]
    public void Refilling_a_cleared_frame_allocates_nothing()
    {
        using Frame frame = new();
        int count = 1000;
        Assert.Equal(0, Allocations.AfterTheFirst(() =>
        {
            frame.Clear();
            frame.SetColumn("a", ColumnKind.Integer);
            frame.SetColumn("b", ColumnKind.Text);
            frame.Resize(count--);
            frame.SetColumn("structure_type", ColumnKind.Integer).Integers.Clear();
        }));
        Assert.Equal(["a", "b", "structure_type"], frame.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Columns_of_other_names_in_every_frame_are_not_collected(int columns)
    {
        using Frame frame = new();
        List<WeakReference> made = [];
        for (int k = 0; k < 1000; k++)
            Fill(frame, k, made);
        GC.Collect();
        Assert.InRange(made.Count(column => column.IsAlive), columns, Math.Max(columns, 32) + columns);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Fill(Frame frame, int k, List<WeakReference> made)
        {
            frame.Clear();
            frame.Resize(10);
            for (int c = 0; c < columns; c++)
                made.Add(new(frame.SetColumn($"{k} {c}", ColumnKind.Integer)));
        }
    }

    [Fact]
    public void Widening_keeps_the_values()
    {
        using Frame frame = new();
        frame.Resize(3);
        FrameColumn column = frame.SetColumn("a", ColumnKind.Integer);
        (column.Integers[0], column.Integers[1], column.Integers[2]) = (-7, 9007199254740993, 0);
        column.Widen(ColumnKind.Real, 1);
        Assert.Equal(-7, column.Reals[0]);
        column.Reals[1] = 0.1;
        column.Widen(ColumnKind.Integer, 2);
        Assert.Equal(ColumnKind.Real, column.Kind);
        column.Widen(ColumnKind.Text, 2);
        Assert.Equal("-7", column.TextAt(0));
        Assert.Equal("0.1", column.TextAt(1));
    }

    [Fact]
    public void Elements_by_type()
    {
        using Frame frame = new();
        frame.Resize(2);
        (frame.Types[0], frame.Types[1]) = (1, 3);
        Assert.False(frame.HasElements);
        frame.SetElement(3, "Cu");
        Assert.False(frame.HasElements);
        Assert.Null(frame.ElementOf(2));
        Assert.Null(frame.ElementOf(0));
        Assert.Null(frame.ElementOf(4));
        frame.SetElement(1, "Zr");
        Assert.True(frame.HasElements);
        Assert.Equal("Cu", frame.ElementOf(3));
    }
}
