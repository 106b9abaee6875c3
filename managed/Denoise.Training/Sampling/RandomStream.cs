namespace Denoise.Training.Sampling;

/// <summary>
/// Random numbers that depend on what they are for, not on who asks first: one stream per seed, purpose and index (SplitMix64,
/// doi 10.1145/2660193.2660195), so that samples are the same whichever thread draws them.
/// </summary>
internal struct RandomStream
{
    private ulong _state;
    private double _spare;
    private bool _hasSpare;

    public RandomStream(long seed, int purpose, long index)
    {
        _state = (ulong)seed;
        _state = Next() + (ulong)purpose;
        _state = Next() + (ulong)index;
        _state = Next();
    }

    private ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1ul << 53));

    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    public int Integer(int count) => Math.Min(count - 1, (int)(Uniform() * count));

    /// <summary>Unit normal (Box and Muller).</summary>
    public double Normal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform())), angle = 2 * Math.PI * Uniform();
        (_spare, _hasSpare) = (radius * Math.Sin(angle), true);
        return radius * Math.Cos(angle);
    }
}
