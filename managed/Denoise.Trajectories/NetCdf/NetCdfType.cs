namespace Denoise.Trajectories.NetCdf;

/// <summary>How a variable's numbers are kept, with the file's numbers.</summary>
internal enum NetCdfType
{
    Byte = 1,
    Char = 2,
    Short = 3,
    Int = 4,
    Float = 5,
    Double = 6,
    UnsignedByte = 7,
    UnsignedShort = 8,
    UnsignedInt = 9,
    Long = 10,
    UnsignedLong = 11,
}
