namespace Denoise.InSitu;

/// <summary>Which implementation evaluates the network.</summary>
public enum EngineKind
{
    /// <summary>Single precision, fused: for use.</summary>
    Simd,

    /// <summary>Double precision, written for clarity: for checks.</summary>
    Reference,
}
