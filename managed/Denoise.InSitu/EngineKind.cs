namespace Denoise.InSitu;

/// <summary>Which implementation evaluates the network.</summary>
public enum EngineKind
{
    /// <summary>The fastest that knows the model's irreps, single precision where it can: for use.</summary>
    Simd,

    /// <summary>Double precision, written for clarity: for checks.</summary>
    Reference,
}
