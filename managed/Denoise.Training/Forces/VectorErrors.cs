namespace Denoise.Training.Forces;

/// <summary>Errors of predicted vectors.</summary>
public sealed class VectorErrors
{
    private double _absolute;
    private double _squares;
    private double _wantedAbsolute;
    private double _cosines;
    private long _directed;

    public long Count { get; private set; }

    /// <summary>Mean absolute error of a component.</summary>
    public double MeanAbsolute => _absolute / (3 * Count);

    /// <summary>Root mean square error of a component.</summary>
    public double Rms => Math.Sqrt(_squares / (3 * Count));

    /// <summary>Mean absolute component of what is wanted: the error of predicting nothing.</summary>
    public double Magnitude => _wantedAbsolute / (3 * Count);

    /// <summary>Mean cosine of the angle between predicted and wanted vectors that are not 0.</summary>
    public double Cosine => _cosines / _directed;

    internal void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<double> wanted)
    {
        Count++;
        double dot = 0, p2 = 0, w2 = 0;
        for (int k = 0; k < 3; k++)
        {
            double error = predicted[k] - wanted[k];
            _absolute += Math.Abs(error);
            _squares += error * error;
            _wantedAbsolute += Math.Abs(wanted[k]);
            dot += predicted[k] * wanted[k];
            p2 += (double)predicted[k] * predicted[k];
            w2 += wanted[k] * wanted[k];
        }

        if (p2 == 0 || w2 == 0)
            return;
        _cosines += dot / Math.Sqrt(p2 * w2);
        _directed++;
    }
}
