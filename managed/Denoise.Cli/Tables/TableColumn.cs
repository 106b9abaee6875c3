namespace Denoise.Cli.Tables;

/// <summary>A column of a <see cref="DataTable"/>: a number per row, NaN where there is none, or a word per row.</summary>
/// <param name="name">as the table calls it</param>
/// <param name="isText">whether it holds words</param>
internal sealed class TableColumn(string name, bool isText = false)
{
    public string Name { get; } = name;

    public ColumnRole Role { get; set; } = isText ? ColumnRole.Text : ColumnRole.None;

    /// <summary>The structure that a count is of, or the vector that a component is of; null: neither.</summary>
    public string? Of { get; set; }

    public bool IsText { get; } = isText;

    public List<double> Numbers { get; } = [];

    public List<string> Words { get; } = [];

    public int Count => IsText ? Words.Count : Numbers.Count;

    /// <summary>Keeps every other row, from the first on.</summary>
    public void Halve()
    {
        int kept = (Count + 1) / 2;
        for (int k = 0; k < kept; k++)
            if (IsText)
                Words[k] = Words[2 * k];
            else
                Numbers[k] = Numbers[2 * k];
        Truncate(kept);
    }

    public void Truncate(int count)
    {
        if (IsText)
            Words.RemoveRange(count, Words.Count - count);
        else
            Numbers.RemoveRange(count, Numbers.Count - count);
    }
}
