using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.NetCdf;

/// <summary>
/// The head of a NetCDF file in one of its classic forms, CDF-1, 2 and 5
/// (https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html).
/// </summary>
internal sealed class NetCdfHeader
{
    // Above what any program writes, and below what would take long to read.
    private const int MostEntries = 4096;
    private const int LongestName = 1024;
    private const long LongestAttribute = 1 << 20;

    private const int DimensionTag = 10, VariableTag = 11, AttributeTag = 12;
    private const int DataVersion = 5;

    private readonly LineScanner _scanner;
    private readonly Func<string, InputException> _damaged;
    private readonly Func<string, InputException> _cut;
    private readonly int _version;

    /// <param name="scanner">at the beginning of the file</param>
    /// <param name="damaged">makes the exception for something wrong</param>
    /// <param name="cut">makes the exception for an end within the head</param>
    public NetCdfHeader(LineScanner scanner, Func<string, InputException> damaged, Func<string, InputException> cut)
    {
        (_scanner, _damaged, _cut) = (scanner, damaged, cut);
        Span<byte> magic = stackalloc byte[4];
        Fill(magic);
        _version = magic[3];
        long records = Size();
        // All bits set: the writer could not go back to say how many.
        Records = records == (_version == DataVersion ? -1 : uint.MaxValue) ? null : records;
        (string Name, long Length)[] dimensions = [.. Entries(DimensionTag, () => (Name(), Size()))];
        _ = Attributes();
        Variables = [.. Entries(VariableTag, () => Variable(dimensions)).OrderBy(variable => variable.Begin)];
    }

    /// <summary>How many there are; null: as many as the file has bytes for.</summary>
    public long? Records { get; }

    /// <summary>In the order in which the file has them.</summary>
    public IReadOnlyList<NetCdfVariable> Variables { get; }

    public static bool Recognizes(FileHead head) => head.Bytes is [(byte)'C', (byte)'D', (byte)'F', 1 or 2 or DataVersion, ..];

    private NetCdfVariable Variable((string Name, long Length)[] dimensions)
    {
        string name = Name();
        long count = Size();
        if (count is < 0 or > MostEntries)
            throw _damaged($"variable {Quote.Short(name)} has {count} dimensions");
        long[] shape = new long[count];
        bool isRecord = false;
        for (int k = 0; k < count; k++)
        {
            long dimension = Size();
            if (dimension < 0 || dimension >= dimensions.Length)
                throw _damaged($"variable {Quote.Short(name)} has a dimension that is not there");
            shape[k] = dimensions[dimension].Length;
            // The records' own has length 0 and stands first.
            if (k == 0 && shape[0] == 0)
                isRecord = true;
        }

        (double factor, string units) = Attributes();
        int type = Int();
        if (type is < (int)NetCdfType.Byte or > (int)NetCdfType.UnsignedLong)
            throw _damaged($"variable {Quote.Short(name)} has numbers of an unknown kind");
        _ = Size();
        long begin = _version == 1 ? (uint)Int() : Long();
        NetCdfVariable variable = new(name, (NetCdfType)type, isRecord ? shape[1..] : shape, isRecord, begin, factor, units);
        try
        {
            if (begin < 0 || variable.Bytes < 0)
                throw new OverflowException();
        }
        catch (OverflowException)
        {
            throw _damaged($"variable {Quote.Short(name)} has an impossible size or place");
        }

        return variable;
    }

    /// <summary>Of those only scale_factor and units are looked at.</summary>
    private (double Factor, string Units) Attributes()
    {
        (double factor, string units) = (1, "");
        foreach ((string name, NetCdfType type, byte[] value) in Entries(AttributeTag, Attribute))
            if (name == "units" && type == NetCdfType.Char)
                units = Encoding.UTF8.GetString(value).TrimEnd('\0', ' ');
            else if (name == "scale_factor" && type == NetCdfType.Float && value.Length == sizeof(float))
                factor = BinaryPrimitives.ReadSingleBigEndian(value);
            else if (name == "scale_factor" && type == NetCdfType.Double && value.Length == sizeof(double))
                factor = BinaryPrimitives.ReadDoubleBigEndian(value);
        return double.IsFinite(factor) && factor != 0 ? (factor, units) : throw _damaged("a scale_factor is no number to multiply with");
    }

    private (string Name, NetCdfType Type, byte[] Value) Attribute()
    {
        string name = Name();
        int type = Int();
        long count = Size();
        if (type is < (int)NetCdfType.Byte or > (int)NetCdfType.UnsignedLong || count is < 0 or > LongestAttribute)
            throw _damaged($"attribute {Quote.Short(name)} has an impossible kind or length");
        byte[] value = new byte[count * new NetCdfVariable(name, (NetCdfType)type, [], false, 0, 1, "").ItemBytes];
        Fill(value);
        SkipToFour(value.Length);
        return (name, (NetCdfType)type, value);
    }

    private List<T> Entries<T>(int tag, Func<T> entry)
    {
        int found = Int();
        long count = Size();
        if (found != tag && (found != 0 || count != 0) || count is < 0 or > MostEntries)
            throw _damaged("a list in its head is none");
        List<T> entries = [];
        for (long k = 0; k < count; k++)
            entries.Add(entry());
        return entries;
    }

    private string Name()
    {
        long length = Size();
        if (length is < 0 or > LongestName)
            throw _damaged("a name in its head is none");
        byte[] bytes = new byte[length];
        Fill(bytes);
        SkipToFour(length);
        return Encoding.UTF8.GetString(bytes);
    }

    private void SkipToFour(long length)
    {
        long rest = -length & 3;
        if (_scanner.SkipBytes(rest) < rest)
            throw _cut("its head is cut");
    }

    private int Int()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private long Long()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    private long Size() => _version == DataVersion ? Long() : (uint)Int();

    private void Fill(Span<byte> bytes)
    {
        if (_scanner.ReadBytes(bytes) < bytes.Length)
            throw _cut("its head is cut");
    }
}
