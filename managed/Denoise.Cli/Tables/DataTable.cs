namespace Denoise.Cli.Tables;

/// <summary>
/// A table to be drawn. Of more rows than a picture shows, evenly spread ones are kept, the first and the last among them, so that its
/// memory has a limit whatever the length of the run.
/// </summary>
/// <param name="name">of the file, as a rule</param>
internal sealed class DataTable(string name)
{
    /// <summary>Values that are kept, all columns together: 16 MB.</summary>
    internal const int MostCells = 1 << 21;

    private readonly List<TableColumn> _columns = [];
    private readonly Dictionary<string, TableColumn> _byName = new(StringComparer.Ordinal);
    private long _stride = 1;

    // Whether the last row is kept as the last one only.
    private bool _lastIsExtra;

    public string Name { get; } = name;

    public TableKind Kind { get; set; }

    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>Where the bins of profiles end, in the unit of length; null: nobody knows.</summary>
    public double? ProfileEnd { get; set; }

    /// <summary>Rows that are kept.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows that there were.</summary>
    public long RowsRead { get; private set; }

    public TableColumn? Find(string column) => _byName.GetValueOrDefault(column);

    /// <param name="column">no other may have its name</param>
    public void Add(TableColumn column)
    {
        _byName.Add(column.Name, column);
        _columns.Add(column);
    }

    /// <summary>Begins a row, of which every column must then get a value by <see cref="TableColumn.Numbers"/> or Words.</summary>
    public void BeginRow()
    {
        if (_lastIsExtra)
            Truncate(Rows - 1);
        if ((long)(Rows + 1) * _columns.Count > MostCells && Rows > 2)
            Halve();
        _lastIsExtra = RowsRead++ % _stride != 0;
        Rows++;
    }

    /// <summary>Adds a row by names. A column that is new has been <paramref name="before"/> so far, or NaN.</summary>
    public void AddRow(IEnumerable<(string Name, double Value)> cells, double before = double.NaN)
    {
        BeginRow();
        foreach ((string column, double value) in cells)
        {
            if (!_byName.TryGetValue(column, out TableColumn? known))
            {
                Add(known = new(column));
                for (int k = 0; k < Rows - 1; k++)
                    known.Numbers.Add(before);
            }

            known.Numbers.Add(value);
        }

        foreach (TableColumn column in _columns)
            if (column.Numbers.Count < Rows)
                column.Numbers.Add(before);
    }

    private void Halve()
    {
        foreach (TableColumn column in _columns)
            column.Halve();
        Rows = (Rows + 1) / 2;
        _stride *= 2;
    }

    private void Truncate(int rows)
    {
        foreach (TableColumn column in _columns)
            column.Truncate(rows);
        Rows = rows;
    }
}
