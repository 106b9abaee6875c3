namespace Denoise.Networks.Models;

/// <summary>
/// One path of a convolution ('uvu': every channel keeps to itself), per edge i -> j:
/// <code>message[u, m3] = factor * w[u] * sum_m1,m2 Wigner3j(l1, l2, l3)[m1, m2, m3] * x_i[u, m1] * Y_l2[m2](r_ij)</code>
/// </summary>
/// <param name="InputSlot">block of the layer's input irreps</param>
/// <param name="HarmonicSlot">block of the edge irreps, always one channel</param>
/// <param name="OutputSlot">block of the layer's convolution irreps (sorted; one path per block)</param>
/// <param name="Multiplicity">channels, those of the input block</param>
/// <param name="L1">degree of the input</param>
/// <param name="L2">degree of the harmonic</param>
/// <param name="L3">degree of the output</param>
/// <param name="WeightOffset">first of its <paramref name="Multiplicity"/> weights in the radial network's output (loop order)</param>
/// <param name="Factor">sqrt(2 l3 + 1), e3nn's path weight</param>
public readonly record struct ConvolutionPath(
    int InputSlot, int HarmonicSlot, int OutputSlot, int Multiplicity, int L1, int L2, int L3, int WeightOffset, double Factor);
