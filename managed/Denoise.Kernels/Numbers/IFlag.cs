namespace Denoise.Kernels.Numbers;

/// <summary>A constant of a kernel's instance: what it switches off is not compiled.</summary>
public interface IFlag
{
    static abstract bool Value { get; }
}

public readonly struct On : IFlag
{
    public static bool Value => true;
}

public readonly struct Off : IFlag
{
    public static bool Value => false;
}
