namespace Denoise.InSitu;

/// <summary>Which implementation evaluates the network.</summary>
public enum EngineKind
{
    /// <summary>The fastest that knows the model's irreps, single precision where it can: for use.</summary>
    Simd,

    /// <summary>Double precision, written for clarity: for checks.</summary>
    Reference,

    /// <summary>
    /// libtorch, for TorchScript archives, whose code it executes: only where a user has said so. Its library is opened when it is needed.
    /// </summary>
    Torch,
}
