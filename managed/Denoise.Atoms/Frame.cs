using Denoise.Atoms.Memory;

namespace Denoise.Atoms;

/// <summary>
/// One snapshot of a simulation: box, positions, ids, types and any further per-atom columns. Made to be refilled: a reader puts
/// the next snapshot into the same frame, whose native buffers only ever grow, so a trajectory of any length needs the memory of
/// its largest frame.
/// </summary>
public sealed class Frame : IDisposable
{
    /// <summary>
    /// Columns that wait for another frame, or as many as the last one had: a file whose every frame names its columns differently
    /// must not collect them all.
    /// </summary>
    private const int MostSpareColumns = 32;

    private readonly List<FrameColumn> _columns = [];
    private readonly List<FrameColumn> _spare = [];

    /// <summary>Time step number; 0 where the format has none.</summary>
    public long Step { get; set; }

    /// <summary>Simulation time in the file's unit of time, where the file gives it.</summary>
    public double? Time { get; set; }

    /// <summary>Potential energy of all atoms in the file's unit of energy, where the file gives it.</summary>
    public double? Energy { get; set; }

    /// <summary>The LAMMPS unit style that the file names (metal, real, lj, ...); see <see cref="LammpsUnits"/>.</summary>
    public string? Units { get; set; }

    /// <summary>In the file's unit of length, as the positions.</summary>
    public Box Box { get; set; } = Box.Orthogonal(1, 1, 1, periodic: false);

    public int Count { get; private set; }

    /// <summary>[Count, 3], row-major, Cartesian, in the file's unit of length.</summary>
    public NativeBuffer<double> Positions { get; } = new();

    /// <summary>Whether <see cref="Positions"/> follow atoms across periodic boundaries (xu, xsu) and may lie outside the box.</summary>
    public bool Unwrapped { get; set; }

    /// <summary>[Count], in file order, as the file numbers its atoms; 1..Count where it does not.</summary>
    public NativeBuffer<long> Ids { get; } = new();

    /// <summary>[Count], from 1.</summary>
    public NativeBuffer<int> Types { get; } = new();

    /// <summary>
    /// Name of type t at t - 1, a chemical symbol as a rule (the file's own word otherwise); null where the file does not say.
    /// </summary>
    public List<string?> Elements { get; } = [];

    /// <summary>Further per-atom columns, in file order, then in the order in which callers added them.</summary>
    public IReadOnlyList<FrameColumn> Columns => _columns;

    /// <summary>Whether every type that occurs has a name.</summary>
    public bool HasElements
    {
        get
        {
            if (Elements.Count == 0)
                return false;
            foreach (int type in Types.Span)
                if (ElementOf(type) is null)
                    return false;
            return true;
        }
    }

    /// <summary>The name of a type, null where the file has none.</summary>
    public string? ElementOf(int type) => type >= 1 && type <= Elements.Count ? Elements[type - 1] : null;

    public void SetElement(int type, string? symbol)
    {
        while (Elements.Count < type)
            Elements.Add(null);
        Elements[type - 1] = symbol;
    }

    public FrameColumn? FindColumn(string name)
    {
        foreach (FrameColumn column in _columns)
            if (column.Name == name)
                return column;
        return null;
    }

    /// <summary>
    /// The column of this name, ready to be filled with <see cref="Count"/> values of this kind. One that exists is replaced
    /// where it stands; a new one goes to the end. The content is undefined.
    /// </summary>
    public FrameColumn SetColumn(string name, ColumnKind kind)
    {
        FrameColumn? column = FindColumn(name);
        if (column is null)
        {
            column = TakeSpare(name) ?? new FrameColumn(name);
            _columns.Add(column);
        }

        column.Reset(kind, Count);
        return column;
    }

    /// <summary>Takes all columns away; their memory waits for columns of the same name, the longest unused goes.</summary>
    public void ClearColumns()
    {
        int surplus = _spare.Count + _columns.Count - Math.Max(MostSpareColumns, _columns.Count);
        _spare.AddRange(_columns);
        _columns.Clear();
        for (int i = 0; i < surplus; i++)
            _spare[i].Dispose();
        _spare.RemoveRange(0, Math.Max(surplus, 0));
    }

    /// <summary>Sets the number of atoms; the content of every buffer and column is undefined where it had to grow.</summary>
    public void Resize(int count)
    {
        Count = count;
        Positions.Resize(3L * count);
        Ids.Resize(count);
        Types.Resize(count);
        foreach (FrameColumn column in _columns)
            column.Resize(count);
    }

    /// <summary>Sets the number of atoms and keeps the content up to the smaller of both numbers.</summary>
    public void Grow(int count)
    {
        Count = count;
        Positions.Grow(3L * count);
        Ids.Grow(count);
        Types.Grow(count);
        foreach (FrameColumn column in _columns)
            column.Grow(count);
    }

    /// <summary>Keeps some of the atoms, in their order; the memory stays.</summary>
    /// <param name="atoms">ascending</param>
    public void Keep(ReadOnlySpan<int> atoms)
    {
        for (int i = 0; i < atoms.Length; i++)
        {
            int from = atoms[i];
            (Ids[i], Types[i]) = (Ids[from], Types[from]);
            for (int axis = 0; axis < 3; axis++)
                Positions[3L * i + axis] = Positions[3L * from + axis];
        }

        foreach (FrameColumn column in _columns)
            column.Keep(atoms);
        Resize(atoms.Length);
    }

    /// <summary>Keeps some of the columns, in this order.</summary>
    public void KeepColumns(IReadOnlyList<string> names)
    {
        List<FrameColumn> kept = [.. names.Select(FindColumn).OfType<FrameColumn>()];
        _spare.AddRange(_columns.Except(kept));
        _columns.Clear();
        _columns.AddRange(kept);
    }

    /// <summary>Removes atoms, columns and everything a file may say; the memory stays.</summary>
    public void Clear()
    {
        ClearColumns();
        Resize(0);
        Step = 0;
        Time = null;
        Energy = null;
        Units = null;
        Unwrapped = false;
        Elements.Clear();
    }

    /// <summary>Box and positions in another unit of length.</summary>
    public void Scale(double factor)
    {
        if (factor == 1)
            return;
        foreach (ref double x in Positions.Span)
            x *= factor;
        Box = Box.Scaled(factor);
    }

    /// <summary>Numbers the atoms 1..Count.</summary>
    public void NumberAtoms()
    {
        for (int i = 0; i < Count; i++)
            Ids[i] = i + 1;
    }

    public void Dispose()
    {
        Positions.Dispose();
        Ids.Dispose();
        Types.Dispose();
        foreach (FrameColumn column in _columns)
            column.Dispose();
        foreach (FrameColumn column in _spare)
            column.Dispose();
        _columns.Clear();
        _spare.Clear();
        Count = 0;
    }

    private FrameColumn? TakeSpare(string name)
    {
        for (int i = 0; i < _spare.Count; i++)
        {
            FrameColumn column = _spare[i];
            if (column.Name != name)
                continue;
            _spare.RemoveAt(i);
            return column;
        }

        return null;
    }
}
