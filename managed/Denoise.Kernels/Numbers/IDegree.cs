namespace Denoise.Kernels.Numbers;

/// <summary>A degree l, as a constant of a kernel's instance.</summary>
public interface IDegree
{
    static abstract int L { get; }
}

public readonly struct Degree0 : IDegree
{
    public static int L => 0;
}

public readonly struct Degree1 : IDegree
{
    public static int L => 1;
}

public readonly struct Degree2 : IDegree
{
    public static int L => 2;
}
