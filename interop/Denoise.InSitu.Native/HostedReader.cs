using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Trajectories;

namespace Denoise.InSitu.Native;

/// <summary>A trajectory that C hosts read.</summary>
internal sealed unsafe class HostedReader : IHandled
{
    private readonly TrajectoryReader _reader;
    private readonly Frame _frame = new();
    private readonly NativeTexts _warnings = new();

    // Of one frame.
    private readonly NativeTexts _texts = new();
    private readonly NativeBuffer<DnColumn> _columns = new();
    private readonly NativeBuffer<nint> _columnPointers = new();
    private readonly NativeBuffer<nint> _elements = new();

    /// <exception cref="SessionException">it is not there, or in no format that is known</exception>
    public HostedReader(string path)
    {
        try
        {
            _reader = TrajectoryReader.Open(path);
        }
        catch (InputException failure)
        {
            throw Explain(failure);
        }
    }

    public static string Noun => "reader";

    /// <summary>Fills all but the struct_size, with what is the reader's until the next call; false: there is no more.</summary>
    public bool Read(out DnSnapshot snapshot)
    {
        snapshot = default;
        try
        {
            if (!_reader.Read(_frame))
                return false;
        }
        catch (InputException failure)
        {
            throw Explain(failure);
        }

        _texts.Dispose();
        FrameColumn[] columns = [.. _frame.Columns.Where(column => column.Kind != ColumnKind.Text)];
        _columns.Resize(columns.Length);
        _columnPointers.Resize(columns.Length);
        for (int c = 0; c < columns.Length; c++)
        {
            bool isInteger = columns[c].Kind == ColumnKind.Integer;
            _columns[c] = new()
            {
                StructSize = (nuint)sizeof(DnColumn),
                Name = _texts.Of(columns[c].Name),
                OvitoName = columns[c].OvitoName is { } ovito ? _texts.Of(ovito) : null,
                Integers = isInteger ? columns[c].RawPointer : null,
                Reals = isInteger ? null : (double*)columns[c].RawPointer,
                Kind = isInteger ? Dn.DN_KIND_INTEGER : Dn.DN_KIND_REAL,
            };
            _columnPointers[c] = (nint)(_columns.Pointer + c);
        }

        _elements.Resize(_frame.Elements.Count);
        for (int t = 0; t < _frame.Elements.Count; t++)
            _elements[t] = _frame.Elements[t] is { } element ? (nint)_texts.Of(element) : 0;
        Box box = _frame.Box;
        snapshot = new()
        {
            Step = _frame.Step,
            Time = _frame.Time ?? 0,
            HasTime = _frame.Time is null ? 0 : 1,
            NAtoms = _frame.Count,
            Positions = _frame.Positions.Pointer,
            Ids = _frame.Ids.Pointer,
            Types = _frame.Types.Pointer,
            Unwrapped = _frame.Unwrapped ? 1 : 0,
            Units = _frame.Units is { } units ? _texts.Of(units) : null,
            Elements = (byte**)_elements.Pointer,
            ElementCount = _frame.Elements.Count,
            ColumnCount = columns.Length,
            Columns = (DnColumn**)_columnPointers.Pointer,
            Bound = _reader.Bound ?? 0,
        };
        for (int a = 0; a < 3; a++)
        {
            Vec3 edge = box[a];
            (snapshot.Cell[3 * a], snapshot.Cell[3 * a + 1], snapshot.Cell[3 * a + 2]) = (edge.X, edge.Y, edge.Z);
            snapshot.Origin[a] = box.Origin[a];
            snapshot.Periodic[a] = box.IsPeriodic(a) ? 1 : 0;
        }

        return true;
    }

    /// <summary>Passes over the next frame; false: there is no more.</summary>
    public bool Skip()
    {
        try
        {
            return _reader.Skip();
        }
        catch (InputException failure)
        {
            throw Explain(failure);
        }
    }

    /// <summary>What is odd in the file so far; null: no more.</summary>
    public byte* Warning(int index) => index < _reader.Warnings.Count ? _warnings.Of(_reader.Warnings[index]) : null;

    public void Dispose()
    {
        _reader.Dispose();
        _frame.Dispose();
        _warnings.Dispose();
        _texts.Dispose();
        _columns.Dispose();
        _columnPointers.Dispose();
        _elements.Dispose();
    }

    private static SessionException Explain(InputException failure) => new(
        failure.InnerException is IOException or UnauthorizedAccessException ? SessionError.InputOutput : SessionError.Format,
        failure.Message, failure);
}
