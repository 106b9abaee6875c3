using System.Buffers.Binary;
using System.Text;

namespace Denoise.Networks.Tests.Checkpoints;

/// <summary>Writes pickles opcode by opcode, in the dialect of protocol 2 (as PyTorch) or 4.</summary>
internal sealed class PickleBuilder
{
    private readonly MemoryStream _bytes = new();
    private readonly int _protocol;

    public PickleBuilder(int protocol = 2)
    {
        _protocol = protocol;
        Raw(0x80, (byte)protocol);
    }

    public byte[] ToArray() => _bytes.ToArray();

    public byte[] Stop() => Raw((byte)'.').ToArray();

    public PickleBuilder Raw(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBuilder Raw(params char[] opcodes) => Raw([.. opcodes.Select(opcode => (byte)opcode)]);

    public PickleBuilder Int32(char opcode, int value)
    {
        byte[] bytes = new byte[5];
        bytes[0] = (byte)opcode;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), value);
        return Raw(bytes);
    }

    public PickleBuilder Integer(long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
            return Int32('J', (int)value);
        byte[] bytes = new byte[10];
        (bytes[0], bytes[1]) = (0x8a, 8);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), value);
        return Raw(bytes);
    }

    public PickleBuilder Float(double value)
    {
        byte[] bytes = new byte[9];
        bytes[0] = (byte)'G';
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(1), value);
        return Raw(bytes);
    }

    public PickleBuilder Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return (_protocol >= 4 ? Raw(0x8c, (byte)utf8.Length) : Int32('X', utf8.Length)).Raw(utf8);
    }

    public PickleBuilder Global(string module, string name) => _protocol >= 4
        ? Text(module).Raw(0x94).Text(name).Raw(0x94).Raw(0x93)
        : Raw(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    public PickleBuilder Tuple(params long[] values)
    {
        Raw('(');
        foreach (long value in values)
            Integer(value);
        return Raw('t');
    }

    /// <summary>torch._utils._rebuild_tensor_v2 on a storage.</summary>
    public PickleBuilder Tensor(string key, long count, long offset, long[] sizes, long[] strides, string storage = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Raw('(')
            .Raw('(').Text("storage").Global("torch", storage).Text(key).Text("cpu").Integer(count).Raw('t').Raw('Q')
            .Integer(offset).Tuple(sizes).Tuple(strides)
            .Raw(0x89).Global("collections", "OrderedDict").Raw(')').Raw('R').Raw('t').Raw('R');

    public PickleBuilder BeginDict() => Raw('}').Raw('(');

    public PickleBuilder EndDict() => Raw('u');
}
