using System.Runtime.InteropServices;
using Denoise.Atoms;

namespace Denoise.Networks.Checkpoints.Pickle;

/// <summary>
/// Reads a Python pickle (protocols 2 to 5) into inert values without running anything: a stack machine over
/// <see cref="PickleTuple"/>, <see cref="PickleList"/>, <see cref="PickleDict"/>, <see cref="PickleObject"/>, numbers and
/// strings. Calls go to <see cref="TensorCalls"/>, whose list is closed. Nothing recurses, so nesting cannot overflow the stack;
/// sizes are checked before they are used. Structures may refer to themselves.
/// </summary>
internal sealed class Unpickler
{
    private readonly PickleStream _stream;
    private readonly TensorCalls _calls;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];

    private Unpickler(string source, ReadOnlyMemory<byte> bytes)
    {
        _stream = new(source, bytes);
        _calls = new(source);
    }

    /// <summary>The object that the pickle describes.</summary>
    /// <exception cref="InputException">damaged, too large, or of a protocol that PyTorch does not write</exception>
    public static object? Load(string source, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > CheckpointLimits.PickleBytes)
            throw new InputException($"{source}: the pickle inside has {bytes.Length:N0} bytes, more than the limit of " +
                $"{CheckpointLimits.PickleBytes:N0}; save the state dict instead of the whole module.");
        return new Unpickler(source, bytes).Run();
    }

    private object? Run()
    {
        for (int count = 0; count < CheckpointLimits.PickleOpcodes; count++)
        {
            Opcode opcode = (Opcode)_stream.Byte();
            if (opcode == Opcode.Stop)
                return Pop();
            Execute(opcode);
        }

        throw _stream.Error($"has more than {CheckpointLimits.PickleOpcodes:N0} steps");
    }

    private void Execute(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.Proto:
                if (_stream.Byte() is var protocol and (< 2 or > 5))
                    throw _stream.Error($"is of protocol {protocol}, not 2 to 5");
                break;
            case Opcode.Frame: _stream.Frame(); break;

            case Opcode.None: Push(null); break;
            case Opcode.NewTrue: Push(true); break;
            case Opcode.NewFalse: Push(false); break;
            case Opcode.BinInt: Push((long)_stream.Int32()); break;
            case Opcode.BinInt1: Push((long)_stream.Byte()); break;
            case Opcode.BinInt2: Push((long)_stream.UInt16()); break;
            case Opcode.Long1: Push(_stream.Integer(_stream.Byte())); break;
            case Opcode.Long4: Push(_stream.Integer(_stream.UInt32())); break;
            case Opcode.BinFloat: Push(_stream.Double()); break;
            case Opcode.BinUnicode: Push(_stream.Text(_stream.UInt32())); break;
            case Opcode.ShortBinUnicode: Push(_stream.Text(_stream.Byte())); break;
            case Opcode.BinUnicode8: Push(_stream.Text(_stream.UInt64())); break;
            case Opcode.BinString: Push(_stream.Latin1(_stream.UInt32())); break;
            case Opcode.ShortBinString: Push(_stream.Latin1(_stream.Byte())); break;
            case Opcode.BinBytes: Push(_stream.Bytes(_stream.UInt32())); break;
            case Opcode.ShortBinBytes: Push(_stream.Bytes(_stream.Byte())); break;
            case Opcode.BinBytes8 or Opcode.ByteArray8: Push(_stream.Bytes(_stream.UInt64())); break;

            case Opcode.EmptyTuple: Push(PickleTuple.Empty); break;
            case Opcode.Tuple1: PushTuple(1); break;
            case Opcode.Tuple2: PushTuple(2); break;
            case Opcode.Tuple3: PushTuple(3); break;
            case Opcode.Tuple: Push(new PickleTuple(PopToMark())); break;
            case Opcode.EmptyList or Opcode.EmptySet: Push(new PickleList()); break;
            case Opcode.List or Opcode.FrozenSet: PushList(PopToMark()); break;
            case Opcode.EmptyDict: Push(new PickleDict()); break;
            case Opcode.Dict: PushDict(PopToMark()); break;

            case Opcode.Append: Append(PopMany(1)); break;
            case Opcode.Appends or Opcode.AddItems: Append(PopToMark()); break;
            case Opcode.SetItem: Set(PopMany(2)); break;
            case Opcode.SetItems: Set(PopToMark()); break;

            case Opcode.Mark: _marks.Add(_stack.Count); break;
            case Opcode.Pop: PopOne(); break;
            case Opcode.PopMark: PopToMark(); break;
            case Opcode.Dup: Push(Peek()); break;

            case Opcode.BinPut: _memo[_stream.Byte()] = Peek(); break;
            case Opcode.LongBinPut: _memo[_stream.UInt32()] = Peek(); break;
            case Opcode.Memoize: _memo[(uint)_memo.Count] = Peek(); break;
            case Opcode.BinGet: PushMemo(_stream.Byte()); break;
            case Opcode.LongBinGet: PushMemo(_stream.UInt32()); break;

            case Opcode.Global: Push(new PickleGlobal(_stream.Line(), _stream.Line())); break;
            case Opcode.StackGlobal: PushGlobal(PopMany(2)); break;
            case Opcode.Reduce: PushCall(PopMany(2)); break;
            case Opcode.NewObj: PushNewObject(PopMany(2)); break;
            case Opcode.NewObjEx: PushNewObjectWithKeywords(PopMany(3)); break;
            case Opcode.Object: PushObject(PopToMark()); break;
            case Opcode.Build: Build(Pop()); break;
            case Opcode.BinPersistentId: Push(_calls.PersistentLoad(Pop())); break;

            default: throw _stream.Error($"holds opcode 0x{(byte)opcode:x2}, which PyTorch does not write");
        }
    }

    private void Push(object? value) => _stack.Add(value);

    /// <summary>Values below the innermost mark belong to an unfinished tuple or list and are out of reach.</summary>
    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Underflow();

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    /// <summary>POP takes a mark where no value lies above it, as Python's does.</summary>
    private void PopOne()
    {
        if (_marks.Count > 0 && _marks[^1] == _stack.Count)
            _marks.RemoveAt(_marks.Count - 1);
        else
            Pop();
    }

    private object?[] PopMany(int count)
    {
        if (_stack.Count - Floor < count)
            throw Underflow();
        object?[] values = CollectionsMarshal.AsSpan(_stack)[^count..].ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw _stream.Error("closes a list that was never opened");
        object?[] values = PopMany(_stack.Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private InputException Underflow() => _stream.Error("takes a value that is not there");

    private void PushTuple(int count) => Push(new PickleTuple(PopMany(count)));

    private void PushList(object?[] items)
    {
        PickleList list = new();
        list.Items.AddRange(items);
        Push(list);
    }

    private void PushDict(object?[] items)
    {
        PickleDict dict = new();
        SetAll(dict, items);
        Push(dict);
    }

    private void PushMemo(uint index) => Push(_memo.TryGetValue(index, out object? value)
        ? value
        : throw _stream.Error($"refers to value {index}, which it has not stored"));

    private void PushGlobal(object?[] names) => Push(names is [string module, string name]
        ? new PickleGlobal(module, name)
        : throw _stream.Error("names a class by something that is not text"));

    private void PushCall(object?[] call) => Push(_calls.Call(call[0], call[1]));

    private void PushNewObject(object?[] call) => Push(new PickleObject(call[0], call[1]));

    private void PushNewObjectWithKeywords(object?[] call) =>
        Push(new PickleObject(call[0], new PickleTuple([call[1], call[2]])));

    private void PushObject(object?[] call) => Push(call.Length > 0
        ? new PickleObject(call[0], new PickleTuple(call[1..]))
        : throw Underflow());

    private void Append(object?[] items) => ItemsOf(Peek()).AddRange(items);

    private List<object?> ItemsOf(object? container) => container switch
    {
        PickleList list => list.Items,
        PickleObject instance => instance.Items ??= [],
        _ => throw _stream.Error("appends to something that is not a list"),
    };

    private void Set(object?[] items)
    {
        switch (Peek())
        {
            case PickleDict dict: SetAll(dict, items); break;
            case PickleObject instance: (instance.Items ??= []).AddRange(items); break;
            default: throw _stream.Error("sets an item of something that is not a dictionary");
        }
    }

    private void SetAll(PickleDict dict, object?[] items)
    {
        if (items.Length % 2 != 0)
            throw _stream.Error("has a key without a value");
        for (int i = 0; i < items.Length; i += 2)
            dict.Set(items[i], items[i + 1]);
    }

    /// <summary>Attributes of a container or tensor (state dicts carry a <c>_metadata</c>) hold nothing that is used.</summary>
    private void Build(object? state)
    {
        if (Peek() is PickleObject instance)
            instance.State = state;
    }
}
