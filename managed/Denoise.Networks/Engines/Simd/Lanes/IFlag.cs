namespace Denoise.Networks.Engines.Simd.Lanes;

/// <summary>A choice that a kernel makes at compile time: each value becomes machine code of its own.</summary>
internal interface IFlag
{
    static abstract bool Value { get; }
}

/// <summary>The kernel computes the optional part.</summary>
internal readonly struct With : IFlag
{
    public static bool Value => true;
}

/// <summary>The kernel leaves the optional part out.</summary>
internal readonly struct Without : IFlag
{
    public static bool Value => false;
}
