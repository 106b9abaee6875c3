namespace Denoise.Trajectories.NetCdf;

/// <summary>An array of a NetCDF file: of every record, if its first dimension is theirs.</summary>
/// <param name="Name">as the file has it</param>
/// <param name="Type">of its numbers</param>
/// <param name="Shape">lengths of its dimensions, without that of the records</param>
/// <param name="IsRecord">whether every record has one</param>
/// <param name="Begin">bytes of the file before it, or before that of the first record</param>
/// <param name="Factor">what its numbers are multiplied with (attribute scale_factor)</param>
/// <param name="Units">attribute units; empty: none</param>
internal sealed record NetCdfVariable(
    string Name, NetCdfType Type, long[] Shape, bool IsRecord, long Begin, double Factor, string Units)
{
    /// <summary>Of a number.</summary>
    public int ItemBytes => Type switch
    {
        NetCdfType.Byte or NetCdfType.Char or NetCdfType.UnsignedByte => 1,
        NetCdfType.Short or NetCdfType.UnsignedShort => 2,
        NetCdfType.Int or NetCdfType.Float or NetCdfType.UnsignedInt => 4,
        _ => 8,
    };

    public bool IsWhole => Type is not (NetCdfType.Float or NetCdfType.Double) && Factor == 1;

    /// <summary>Numbers in it, of one record.</summary>
    public long Items => Shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>Bytes of it, of one record, without what fills them up to four.</summary>
    public long Bytes => checked(Items * ItemBytes);
}
