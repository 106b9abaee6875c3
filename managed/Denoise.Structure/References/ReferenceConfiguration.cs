using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.References;

/// <summary>
/// The atoms that later ones are compared with, by id: those of a file, or of the first frame that the analysis sees. Every rank holds
/// all of them, 40 bytes each (80 while they are gathered): whatever is derived of them is then the same on any number of ranks.
/// </summary>
public sealed unsafe class ReferenceConfiguration : IDisposable
{
    /// <summary>Its text form.</summary>
    public const string Usage = "reference=FILE";

    // A table finds an id at once, where ids are not much sparser than the atoms.
    private const int LargestSparsity = 4;

    private readonly string _analysis;
    private readonly Func<Frame>? _read;
    private readonly NativeBuffer<long> _ids = new();
    private readonly NativeBuffer<double> _positions = new();
    private readonly NativeBuffer<int> _types = new();
    private readonly NativeBuffer<int> _table = new();
    private readonly NativeBuffer<long> _gathered = new();
    private readonly Action _check;
    private readonly Action _take;

    private AnalysisContext _context = null!;

    /// <param name="analysis">for messages</param>
    /// <param name="arguments">of which the key 'reference' is taken</param>
    /// <param name="services">that read the file</param>
    /// <exception cref="InputException">a file is named, and this program reads none</exception>
    public ReferenceConfiguration(string analysis, AnalysisArguments arguments, AnalysisServices services)
    {
        (_analysis, _check, _take) = (analysis, Check, Take);
        if (arguments.Text("reference") is not { } path)
            return;
        Func<string, Frame> read = services.ReadReference
            ?? throw arguments.Wrong("a reference cannot be read from a file here; leave it out, and the first frame is the reference");
        _read = () => read(path);
    }

    /// <summary>Whether there is one.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whose frame it is: the first that is seen, or that of a file.</summary>
    public FrameMemory Memory => _read is null ? FrameMemory.First : FrameMemory.None;

    public int Count => (int)_ids.Length;

    public Box Box { get; private set; } = Box.Orthogonal(1, 1, 1, periodic: false);

    /// <summary>[Count] ascending.</summary>
    public long* Ids => _ids.Pointer;

    /// <summary>[Count, 3] Å</summary>
    public double* Positions => _positions.Pointer;

    /// <summary>[Count] from 1.</summary>
    public int* Types => _types.Pointer;

    /// <summary>Takes the reference, where there is none yet, and sees to it that the frame can be compared with it. Collective.</summary>
    /// <exception cref="InputException">the frame has no box or no ids, or the file cannot be read</exception>
    public void Require(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_check);
        if (IsTaken)
            return;
        if (_read is null)
            Gather();
        context.Attempt(_take);
        IsTaken = true;
        _gathered.Dispose();
    }

    /// <summary>Where the atom of an id is in the arrays; -1: nowhere.</summary>
    public int Slot(long id)
    {
        if (_table.Length == 0)
            return Math.Max(-1, _ids.Span.BinarySearch(id));
        long place = id - _ids[0];
        return (ulong)place < (ulong)_table.Length ? _table[place] : -1;
    }

    public Vec3 Position(int slot) => new(_positions[3L * slot], _positions[3L * slot + 1], _positions[3L * slot + 2]);

    public void Dispose()
    {
        _ids.Dispose();
        _positions.Dispose();
        _types.Dispose();
        _table.Dispose();
        _gathered.Dispose();
    }

    private void Check()
    {
        // A rank without atoms may have no arrays.
        if (_context.Ids == null && _context.Particles.Count > 0)
            throw new InputException($"{_analysis} follows atoms by their ids, and these have none: give them, or number the atoms.");
        if (_context.Box is null)
            throw new InputException($"{_analysis} needs the box, and this program does not tell it.");
    }

    /// <summary>Atoms of all ranks, in the order of the ranks: id, coordinates, type. Collective.</summary>
    private void Gather()
    {
        const int Width = 5;
        int local = _context.Particles.LocalCount;
        long[] counts = new long[_context.Communicator.Size];
        counts[_context.Communicator.Rank] = local;
        _context.Sum(counts);
        long first = 0;
        for (int rank = 0; rank < _context.Communicator.Rank; rank++)
            first += counts[rank];
        _gathered.Resize(Width * counts.Sum());
        _gathered.Clear();
        for (int i = 0; i < local; i++)
        {
            long* row = _gathered.Pointer + Width * (first + i);
            double* r = _context.Particles.Positions + 3L * i;
            row[0] = _context.Ids[i];
            for (int axis = 0; axis < 3; axis++)
                row[1 + axis] = BitConverter.DoubleToInt64Bits(r[axis]);
            row[4] = _context.AtomTypes == null ? 1 : _context.AtomTypes[i];
        }

        Replicated.Sum(_context, _gathered);
    }

    private void Take()
    {
        if (_read is null)
        {
            long* rows = _gathered.Pointer;
            Box = _context.Box!;
            Fill(_gathered.Length / 5, k => rows[5L * k], (k, axis) => BitConverter.Int64BitsToDouble(rows[5L * k + 1 + axis]),
                k => (int)rows[5L * k + 4]);
            return;
        }

        using Frame frame = _read();
        Box = frame.Box;
        Fill(frame.Count, k => frame.Ids[k], (k, axis) => frame.Positions[3L * k + axis], k => frame.Types[k]);
    }

    /// <summary>Sorts the atoms by id.</summary>
    private void Fill(long count, Func<int, long> id, Func<int, int, double> coordinate, Func<int, int> type)
    {
        if (count > int.MaxValue / 8)
            throw new InputException($"{_analysis} holds the reference on every rank, and {count} atoms are more than it can.");
        int[] order = new int[count];
        _ids.Resize(count);
        _positions.Resize(3 * count);
        _types.Resize(count);
        for (int k = 0; k < count; k++)
            (order[k], _ids[k]) = (k, id(k));
        _ids.Span.Sort(order.AsSpan());
        for (int k = 0; k < count; k++)
        {
            if (k > 0 && _ids[k] == _ids[k - 1])
                throw new InputException($"{_analysis}: two atoms of the reference have the id {_ids[k]}.");
            _types[k] = type(order[k]);
            for (int axis = 0; axis < 3; axis++)
                _positions[3L * k + axis] = coordinate(order[k], axis);
        }

        // Ids may be as far apart as 64 bits allow.
        double span = count > 0 ? (double)_ids[count - 1] - _ids[0] + 1 : 0;
        _table.Resize(span <= LargestSparsity * (double)count + 64 ? (long)span : 0);
        _table.Span.Fill(-1);
        for (int k = 0; k < count && _table.Length > 0; k++)
            _table[_ids[k] - _ids[0]] = k;
    }
}
