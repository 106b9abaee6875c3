using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// Distances at which the radial network is evaluated: equally spaced from 0 to the cutoff. Between them radial weights are cubics
/// through four neighboring knots, so that the network costs the same for any number of edges, and its exact adjoint is a sum
/// over edges into the knots.
/// </summary>
internal sealed class KnotGrid
{
    // A cubic through four knots errs by 3/128 (h w)^4 of a wave of frequency w: 6e-7 of the fastest Bessel function.
    private const double StepTimesFrequency = 0.07;

    public KnotGrid(NequipConfig config)
    {
        double frequency = config.Radial[0] * Math.PI / config.Cutoff;
        int intervals = Math.Max(64, (int)Math.Ceiling(config.Cutoff * frequency / StepTimesFrequency));
        Count = intervals + 1;
        KnotsPerLength = intervals / config.Cutoff;
        Basis = new double[Count * config.Radial[0]];
        BasisSlopes = new double[Basis.Length];
        (Envelope, EnvelopeSlopes) = (new float[Count], new float[Count]);
        for (int k = 0; k < Count; k++)
        {
            Span<double> basis = Basis.AsSpan(k * config.Radial[0], config.Radial[0]);
            ReferenceRadialBasis.Evaluate(RadialBasis.Bessel, k / KnotsPerLength, config.Cutoff, basis);
            ReferenceRadialBasis.EvaluateSlopes(RadialBasis.Bessel, k / KnotsPerLength, config.Cutoff,
                BasisSlopes.AsSpan(k * config.Radial[0], config.Radial[0]));
            EnvelopeSlopes[k] = (float)ReferenceRadialBasis.EnvelopeSlope(config.Envelope, k / KnotsPerLength, config.Cutoff);
            Envelope[k] = (float)ReferenceRadialBasis.Envelope(config.Envelope, k / KnotsPerLength, config.Cutoff);
        }
    }

    public int Count { get; }

    /// <summary>1/Å</summary>
    public double KnotsPerLength { get; }

    /// <summary>[Count, Bessel functions]</summary>
    public double[] Basis { get; }

    /// <summary>[Count, Bessel functions] 1/Å</summary>
    public double[] BasisSlopes { get; }

    /// <summary>[Count] 1/Å</summary>
    public float[] EnvelopeSlopes { get; }

    /// <summary>[Count] 1 without an envelope</summary>
    public float[] Envelope { get; }

    /// <summary>The first knot that an edge of that length (Å) or more depends on.</summary>
    public int FirstKnot(double shortest) =>
        double.IsInfinity(shortest) ? Count : Math.Clamp((int)(shortest * KnotsPerLength) - 2, 0, Count - 4);
}
