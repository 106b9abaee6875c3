namespace Denoise.Training.Calibration;

/// <summary>
/// How far the probabilities <c>softmax(logits / T)</c> of atoms with known classes mean what they say, and the temperature T at which
/// they do best (Guo et al., arXiv 1706.04599).
/// </summary>
public sealed class TemperatureScaling
{
    private const int Bins = 15;

    // Of ln T; the likelihood is convex in 1 / T.
    private const double Widest = 5;
    private const int Refinements = 60;

    private readonly List<float> _logits = [];
    private readonly List<int> _classes = [];

    private readonly double _doubt;

    /// <param name="classCount">logits of an atom</param>
    /// <param name="samples">
    /// independent cells that the atoms are of: where all were right, the next one may still be wrong, so that as if one in samples + 1
    /// were of any class is what the temperature is fitted to
    /// </param>
    public TemperatureScaling(int classCount, long samples) => (ClassCount, _doubt) = (classCount, 1.0 / (samples + 1));

    public int ClassCount { get; }

    /// <summary>Atoms so far.</summary>
    public int Count => _classes.Count;

    /// <summary>One atom more.</summary>
    public void Add(ReadOnlySpan<float> logits, int wanted)
    {
        foreach (float logit in logits)
            _logits.Add(logit);
        _classes.Add(wanted);
    }

    /// <summary>Mean of -ln p of the right class, nats, with the doubt as a part of every class.</summary>
    public double Entropy(double temperature)
    {
        double sum = 0;
        Span<double> scaled = stackalloc double[ClassCount];
        for (int i = 0; i < Count; i++)
        {
            Scale(i, temperature, scaled);
            double mean = 0, wanted = scaled[_classes[i]];
            foreach (double logit in scaled)
                mean += logit / ClassCount;
            sum += CrossEntropy.Backward(scaled, _classes[i]) + _doubt * (wanted - mean);
        }

        return sum / Math.Max(1, Count);
    }

    /// <summary>
    /// Expected calibration error: the mean over the atoms of the difference between the probability that the largest logits claim and the
    /// part of them that is right, in 15 bins of the probability.
    /// </summary>
    public double Error(double temperature)
    {
        Span<double> scaled = stackalloc double[ClassCount], claimed = stackalloc double[Bins], right = stackalloc double[Bins];
        for (int i = 0; i < Count; i++)
        {
            Scale(i, temperature, scaled);
            int best = 0;
            double sum = 0;
            for (int c = 1; c < ClassCount; c++)
                best = scaled[c] > scaled[best] ? c : best;
            foreach (double logit in scaled)
                sum += Math.Exp(logit - scaled[best]);
            int bin = Math.Min((int)(Bins / sum), Bins - 1);
            claimed[bin] += 1 / sum;
            right[bin] += best == _classes[i] ? 1 : 0;
        }

        double error = 0;
        for (int b = 0; b < Bins; b++)
            error += Math.Abs(claimed[b] - right[b]);
        return error / Math.Max(1, Count);
    }

    /// <summary>Of the smallest <see cref="Entropy"/>, by golden section; 1 without atoms.</summary>
    public double Best()
    {
        if (Count == 0)
            return 1;
        double ratio = (Math.Sqrt(5) - 1) / 2, low = -Widest, high = Widest;
        double a = high - ratio * (high - low), b = low + ratio * (high - low);
        double ofA = Entropy(Math.Exp(a)), ofB = Entropy(Math.Exp(b));
        for (int k = 0; k < Refinements && high - low > 1e-6; k++)
            if (ofA <= ofB)
            {
                (high, b, ofB) = (b, a, ofA);
                a = high - ratio * (high - low);
                ofA = Entropy(Math.Exp(a));
            }
            else
            {
                (low, a, ofA) = (a, b, ofB);
                b = low + ratio * (high - low);
                ofB = Entropy(Math.Exp(b));
            }

        return Math.Exp(0.5 * (low + high));
    }

    private void Scale(int atom, double temperature, Span<double> scaled)
    {
        for (int c = 0; c < ClassCount; c++)
            scaled[c] = _logits[atom * ClassCount + c] / temperature;
    }
}
