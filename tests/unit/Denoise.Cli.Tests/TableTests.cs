using Denoise.Atoms;
using Denoise.Cli.Tables;

namespace Denoise.Cli.Tests;

public sealed class TableTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".csv");
    private readonly List<string> _notes = [];

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_table_of_the_fix_has_its_roles()
    {
        DataTable table = Read(
            "step,atoms,other,fcc,mine,raw_other,raw_fcc,raw_mine,rms_displacement,iterations,scale,seconds,centro,s[1],s[2]\n" +
            "0,8,1,2,5,3,4,1,0.5,8,0.9,0.25,7,1,2\n10,8,1,2,5,3,4,1,nan,8,0.9,0.25,7,1,-inf\n");
        Assert.Equal(TableKind.Frames, table.Kind);
        Assert.Equal(
            [ColumnRole.Step, ColumnRole.Atoms, ColumnRole.Structure, ColumnRole.Structure, ColumnRole.Structure, ColumnRole.RawStructure,
                ColumnRole.RawStructure, ColumnRole.RawStructure, ColumnRole.Displacement, ColumnRole.Run, ColumnRole.Run, ColumnRole.Cost,
                ColumnRole.Global, ColumnRole.Global, ColumnRole.Global],
            table.Columns.Select(column => column.Role));
        Assert.Equal("mine", table.Find("raw_mine")!.Of);
        Assert.Equal("s", table.Find("s[2]")!.Of);
        Assert.Equal([0.5, double.NaN], table.Find("rms_displacement")!.Numbers);
        Assert.False(double.IsFinite(table.Find("s[2]")!.Numbers[1]));
        Assert.Empty(_notes);
    }

    [Fact]
    public void Without_denoising_counts_end_where_no_structure_follows()
    {
        DataTable table = Read("frame,step,atoms,other,fcc,ico,cluster_count\n0,0,9,1,2,6,3\n1,0,9,1,2,6,4\n");
        Assert.Equal(
            [ColumnRole.Step, ColumnRole.None, ColumnRole.Atoms, ColumnRole.Structure, ColumnRole.Structure, ColumnRole.Structure,
                ColumnRole.Global],
            table.Columns.Select(column => column.Role));
    }

    [Fact]
    public void Many_components_are_a_curve()
    {
        string names = string.Join(',', Enumerable.Range(1, 20).Select(k => $"rdf[{k}]"));
        DataTable table = Read($"step,atoms,{names}\n0,1{string.Concat(Enumerable.Repeat(",2", 20))}\n");
        Assert.Equal(20, table.Columns.Count(column => column is { Role: ColumnRole.Profile, Of: "rdf" }));
    }

    [Theory]
    [InlineData("step,seconds,learning_rate,loss,gradient_norm\n1,2,3,4,5\n", TableKind.Training)]
    [InlineData("step,structure,noise,rms_before,rms_after_1,rms_after_8\n1,fcc,3,4,5,6\n", TableKind.Validation)]
    [InlineData("time,energy\n1,2\n", TableKind.Other)]
    public void The_columns_say_which_table_it_is(string text, object kind) => Assert.Equal(kind, Read(text).Kind);

    [Fact]
    public void Half_a_line_at_the_end_is_left_out_and_told()
    {
        DataTable table = Read("\uFEFFstep,x\r\n1,2\r\n2,");
        Assert.Equal([2], table.Find("x")!.Numbers);
        Assert.Contains("last line", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ITEM: TIMESTEP\n0\n")]
    [InlineData("LAMMPS data file, version 1, timestep = 0\n")]
    [InlineData("step\n1\n")]
    [InlineData("1,2\n3,4\n")]
    [InlineData("")]
    public void What_is_no_table(string text)
    {
        File.WriteAllText(_path, text);
        Assert.False(CsvFile.IsOne(_path));
    }

    [Fact]
    public void A_line_without_end_takes_no_memory()
    {
        File.WriteAllText(_path, "step,x\n" + new string('1', 5_000_000));
        Assert.Contains("longer than", Assert.Throws<InputException>(() => CsvFile.Read(_path, _notes.Add)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_001)]
    [InlineData(500_000)]
    [InlineData(524_288)]
    [InlineData(1_999_999)]
    public void Of_many_rows_evenly_spread_ones_are_kept(int rows)
    {
        DataTable table = new("t");
        for (int k = 0; k < rows; k++)
            table.AddRow([("step", k), ("a", 2.0 * k), ("b", 0), ("c", 0), ("d", 0), ("e", 0), ("f", 0), ("g", 0)]);
        List<double> steps = table.Find("step")!.Numbers;
        Assert.Equal(rows, table.RowsRead);
        Assert.Equal(table.Rows, steps.Count);
        Assert.True((long)table.Rows * table.Columns.Count <= DataTable.MostCells + table.Columns.Count);
        Assert.True(table.Rows > Math.Min(rows - 1, DataTable.MostCells / 8 / 2 - 2));
        Assert.Equal(0, steps[0]);
        Assert.Equal(rows - 1, steps[^1]);
        Assert.Single(steps.Zip(steps.Skip(1), (a, b) => b - a).SkipLast(1).Distinct());
        Assert.Equal(steps.Select(step => 2 * step), table.Find("a")!.Numbers);
    }

    [Fact]
    public void A_column_that_comes_later_was_what_it_is_said_to_have_been()
    {
        DataTable table = new("t");
        table.AddRow([("step", 1)], before: 0);
        table.AddRow([("step", 2), ("fcc", 5)], before: 0);
        table.AddRow([("step", 3)], before: 0);
        Assert.Equal([0, 5, 0], table.Find("fcc")!.Numbers);
    }

    private DataTable Read(string text)
    {
        File.WriteAllText(_path, text);
        Assert.True(CsvFile.IsOne(_path));
        return CsvFile.Read(_path, _notes.Add);
    }
}
