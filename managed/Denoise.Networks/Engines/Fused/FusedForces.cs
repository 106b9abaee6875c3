using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>A network's <see cref="ForceEncoding"/>, added to the first features, and the gradient of its weights.</summary>
internal sealed unsafe class FusedForces(ForceEncoding encoding, ChunkSums sums, ParameterGradients gradients)
{
    private const int MostHarmonics = (Irrep.LMax + 1) * (Irrep.LMax + 1);

    private readonly int _place = sums.Reserve(encoding.Weights.Length);
    private readonly double[] _gradient = gradients[ForceEncoding.WeightName];

    /// <param name="forces">[atoms, 3] eV/Å</param>
    /// <param name="x">the first features: added to</param>
    /// <param name="begin">first atom</param>
    /// <param name="end">behind the last</param>
    public void Forward(double* forces, BlockPlanes x, int begin, int end)
    {
        Span<double> harmonics = stackalloc double[MostHarmonics];
        for (int atom = begin; atom < end; atom++)
        {
            encoding.Evaluate(Force(forces, atom), harmonics);
            for (int slot = 0, first = 0; slot < encoding.Features.Count; first += encoding.Features[slot++].Multiplicity)
            {
                BlockPlane plane = x[slot];
                for (int m = 0; m < plane.Components; m++)
                {
                    float value = (float)harmonics[plane.Block.L * plane.Block.L + m];
                    float* to = plane.Row(atom) + (nint)m * plane.Channels;
                    for (int c = 0; c < plane.Multiplicity; c++)
                        to[c] += encoding.Weights[first + c] * value;
                }
            }
        }
    }

    /// <summary>Adds the gradients of the weights to a partial sum.</summary>
    public void Backward(double* forces, BlockPlanes adjoint, int begin, int count, float* partial)
    {
        Span<double> harmonics = stackalloc double[MostHarmonics];
        for (int atom = begin; atom < begin + count; atom++)
        {
            encoding.Evaluate(Force(forces, atom), harmonics);
            for (int slot = 0, first = _place; slot < encoding.Features.Count; first += encoding.Features[slot++].Multiplicity)
            {
                BlockPlane plane = adjoint[slot];
                for (int m = 0; m < plane.Components; m++)
                {
                    float value = (float)harmonics[plane.Block.L * plane.Block.L + m];
                    float* from = plane.Row(atom) + (nint)m * plane.Channels;
                    for (int c = 0; c < plane.Multiplicity; c++)
                        partial[first + c] += value * from[c];
                }
            }
        }
    }

    /// <summary>From the total of the partial sums to the gradient.</summary>
    public void Unfold(float* total)
    {
        for (int c = 0; c < _gradient.Length; c++)
            _gradient[c] += total[_place + c];
    }

    private static Vec3 Force(double* forces, int atom) => new(forces[3L * atom], forces[3L * atom + 1], forces[3L * atom + 2]);
}
