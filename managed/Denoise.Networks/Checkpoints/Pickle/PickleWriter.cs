using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Denoise.Networks.Models;

namespace Denoise.Networks.Checkpoints.Pickle;

/// <summary>
/// Writes the pickle of a checkpoint with those opcodes of protocol 2 that every <c>torch.load(weights_only=True)</c> accepts,
/// the first (PyTorch 1.13) included. That one has no floating-point opcode, so such numbers are written as text.
/// </summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();

    public PickleWriter()
    {
        Write(Opcode.Proto);
        _bytes.WriteByte(2);
    }

    /// <summary>The finished pickle.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        Write(Opcode.Stop);
        return _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);
    }

    public void BeginDict()
    {
        Write(Opcode.EmptyDict);
        Write(Opcode.Mark);
    }

    /// <summary>Closes a dictionary; keys and values were written in turn.</summary>
    public void EndDict() => Write(Opcode.SetItems);

    public void Value(object value)
    {
        switch (value)
        {
            case string text: Text(text); break;
            case long integer: Integer(integer); break;
            case double number: Text(number.ToString("R", CultureInfo.InvariantCulture)); break;
            case IReadOnlyList<object> list:
                Write(Opcode.EmptyList);
                Write(Opcode.Mark);
                foreach (object item in list)
                    Value(item);
                Write(Opcode.Appends);
                break;
            default: throw new ArgumentException($"a checkpoint holds no {value.GetType().Name}", nameof(value));
        }
    }

    /// <summary>A dense float32 tensor on the storage of that key.</summary>
    public void Tensor(Tensor tensor, string storageKey)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Write(Opcode.Mark);
        Write(Opcode.Mark);
        Text("storage");
        Global("torch", "FloatStorage");
        Text(storageKey);
        Text("cpu");
        Integer(tensor.Values.Length);
        Write(Opcode.Tuple);
        Write(Opcode.BinPersistentId);
        Integer(0);
        Tuple(tensor.Shape);
        Tuple(Strides(tensor.Shape));
        Write(Opcode.NewFalse);
        Global("collections", "OrderedDict");
        Write(Opcode.EmptyTuple);
        Write(Opcode.Reduce);
        Write(Opcode.Tuple);
        Write(Opcode.Reduce);
    }

    private static int[] Strides(IReadOnlyList<int> shape)
    {
        int[] strides = new int[shape.Count];
        int stride = 1;
        for (int d = shape.Count - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }

        return strides;
    }

    private void Tuple(IReadOnlyList<int> values)
    {
        Write(Opcode.Mark);
        foreach (int value in values)
            Integer(value);
        Write(Opcode.Tuple);
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Write(Opcode.BinUnicode);
        Int32(utf8.Length);
        _bytes.Write(utf8);
    }

    private void Integer(long value)
    {
        Write(Opcode.BinInt);
        Int32(checked((int)value));
    }

    private void Global(string module, string name)
    {
        Write(Opcode.Global);
        _bytes.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Write(Opcode opcode) => _bytes.WriteByte((byte)opcode);

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }
}
