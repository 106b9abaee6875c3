namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>2l + 1 of a kernel's irrep, known to the compiler.</summary>
internal interface IDegree
{
    static abstract int Components { get; }
}

/// <summary>l = 0</summary>
internal readonly struct Scalars : IDegree
{
    public static int Components => 1;
}

/// <summary>l = 1</summary>
internal readonly struct Vectors : IDegree
{
    public static int Components => 3;
}

/// <summary>l = 2</summary>
internal readonly struct Rank2 : IDegree
{
    public static int Components => 5;
}

/// <summary>l = 3</summary>
internal readonly struct Rank3 : IDegree
{
    public static int Components => 7;
}
