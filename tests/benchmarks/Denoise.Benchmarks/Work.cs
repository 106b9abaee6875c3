namespace Denoise.Benchmarks;

/// <summary>
/// What the algorithm must do per atom, whatever the program does on top: the numerator of the roofline.
/// </summary>
/// <param name="Flops">floating-point operations, a fused multiply-add being two</param>
/// <param name="Bytes">memory traffic if every array is read and written once and neighbors are found in the caches</param>
internal readonly record struct Work(double Flops, double Bytes);
