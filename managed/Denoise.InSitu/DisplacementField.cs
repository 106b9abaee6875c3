using Denoise.Atoms.Memory;
using Denoise.Neighbors;

namespace Denoise.InSitu;

/// <summary>
/// Where the atoms of a frame have moved to: r = s R + D, with the frame's positions R in Å, the length scale s and the
/// displacements D in model Å. What ghosts receive is D, which all images of an atom share.
/// </summary>
internal sealed unsafe class DisplacementField : IDisposable
{
    private readonly NativeBuffer<double> _displacements = new();
    private readonly NativeBuffer<double> _positions = new();

    private Particles _particles = null!;
    private double _scale;

    /// <summary>[count, 3] D.</summary>
    public double* Displacements => _displacements.Pointer;

    /// <summary>[count, 3] r in model Å.</summary>
    public double* Positions => _positions.Pointer;

    public ParticleView View => new(Positions, _particles.LocalCount, _particles.GhostCount);

    /// <summary>Nothing has moved.</summary>
    public void Begin(Particles particles, double scale)
    {
        (_particles, _scale) = (particles, scale);
        long values = 3L * particles.Count;
        _displacements.Resize(values);
        _displacements.Clear();
        _positions.Resize(values);
        Update();
    }

    /// <summary>D &lt;- D - prediction for the owned atoms; returns the first whose prediction is not finite, or -1.</summary>
    /// <param name="prediction">[nLocal, 3] model Å</param>
    /// <param name="largestPrediction">model Å</param>
    /// <param name="largestDisplacement">|D|, model Å</param>
    public int Subtract(float* prediction, out double largestPrediction, out double largestDisplacement)
    {
        double prediction2 = 0, displacement2 = 0;
        (largestPrediction, largestDisplacement) = (0, 0);
        for (int i = 0; i < _particles.LocalCount; i++)
        {
            float* p = prediction + 3L * i;
            double* d = Displacements + 3L * i;
            double length2 = (double)p[0] * p[0] + (double)p[1] * p[1] + (double)p[2] * p[2];
            if (!double.IsFinite(length2))
                return i;
            (d[0], d[1], d[2]) = (d[0] - p[0], d[1] - p[1], d[2] - p[2]);
            prediction2 = Math.Max(prediction2, length2);
            displacement2 = Math.Max(displacement2, d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        }

        (largestPrediction, largestDisplacement) = (Math.Sqrt(prediction2), Math.Sqrt(displacement2));
        return -1;
    }

    /// <summary>Positions in model Å after D has reached the ghosts.</summary>
    public void Update()
    {
        double* from = _particles.Positions;
        for (long k = 0; k < _positions.Length; k++)
            _positions[k] = from[k] * _scale + _displacements[k];
    }

    /// <summary>Turns the positions into Å, for what is done after the network.</summary>
    public void ToAngstrom()
    {
        for (long k = 0; k < _positions.Length; k++)
            _positions[k] = _particles.Positions[k] + _displacements[k] / _scale;
    }

    public void Dispose()
    {
        _displacements.Dispose();
        _positions.Dispose();
    }
}
