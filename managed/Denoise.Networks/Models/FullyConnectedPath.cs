namespace Denoise.Networks.Models;

/// <summary>
/// One path of a <see cref="FullyConnectedProduct"/>: input block and attribute block into an output block of the same irrep.
/// </summary>
/// <param name="InputSlot">block of the input irreps</param>
/// <param name="AttributeSlot">block of the attribute irreps</param>
/// <param name="OutputSlot">block of the output irreps</param>
/// <param name="WeightOffset">first of its weights [mul_input, mul_attribute, mul_output], row-major</param>
/// <param name="Factor">
/// 1 / sqrt(sum of mul_input * mul_attribute over all paths into this output): e3nn's path weight sqrt(2l+1) / sqrt(sum) times
/// the Wigner 3j tensor of (l, 0, l), which is delta_mm' / sqrt(2l+1).
/// </param>
public readonly record struct FullyConnectedPath(int InputSlot, int AttributeSlot, int OutputSlot, int WeightOffset, double Factor);
