using Denoise.Parallel;

namespace Denoise.InSitu.Results;

/// <summary>
/// Sums over the selected atoms of all ranks, in integers: counts per structure type before and after, and squared displacements
/// in steps of 2^-40 model Å^2, their high and low bits apart so that 10^12 atoms do not overflow. So no sum depends on the ranks.
/// Over all atoms: those that are outside of what the model knows.
/// </summary>
/// <param name="structures">that are counted</param>
internal sealed class Reduction(int structures)
{
    private const int Atoms = 0;
    private const int Low = Atoms + 1;
    private const int High = Atoms + 2;
    private const int Seen = High + 1;
    private const int Present = Seen + 6;
    private const int Types = Present + 1;
    private const int SplitBits = 20;
    private const double Step = 1.0 / (1L << 40);

    private readonly long[] _sums = new long[Types + 2 * structures];

    public ReadOnlySpan<long> Counts => _sums.AsSpan(Types, structures);

    public ReadOnlySpan<long> RawCounts => _sums.AsSpan(Types + structures, structures);

    /// <summary>Root mean square displacement in model Å; 0 without atoms.</summary>
    public double RootMeanSquare
    {
        get
        {
            if (_sums[Atoms] == 0)
                return 0;
            double sum = (_sums[High] * (double)(1 << SplitBits) + _sums[Low]) * Step;
            return Math.Sqrt(sum / _sums[Atoms]);
        }
    }

    /// <summary>Atoms of the frame, seen or not.</summary>
    public long AtomsPresent
    {
        get => _sums[Present];
        set => _sums[Present] = value;
    }

    /// <summary>Atoms that are both seen and selected.</summary>
    public long AtomsCounted => _sums[Atoms];

    public OutsideCounts Outside
    {
        get => new()
        {
            Seen = _sums[Seen],
            Held = _sums[Seen + 1],
            BeyondNoise = _sums[Seen + 2],
            OddDensity = _sums[Seen + 3],
            Unsettled = _sums[Seen + 4],
            Astray = _sums[Seen + 5],
        };
        set => (_sums[Seen], _sums[Seen + 1], _sums[Seen + 2], _sums[Seen + 3], _sums[Seen + 4], _sums[Seen + 5]) =
            (value.Seen, value.Held, value.BeyondNoise, value.OddDensity, value.Unsettled, value.Astray);
    }

    public void Clear() => Array.Clear(_sums);

    /// <param name="structure">from 0</param>
    /// <param name="rawStructure">the same before denoising</param>
    /// <param name="squaredDisplacement">model Å^2</param>
    public void Add(int structure, int rawStructure, double squaredDisplacement)
    {
        _sums[Types + structure]++;
        _sums[Types + structures + rawStructure]++;
        AddUnnamed(squaredDisplacement);
    }

    /// <summary>An atom that is moved, and is not among those that have structures.</summary>
    public void AddUnnamed(double squaredDisplacement)
    {
        _sums[Atoms]++;
        // Farther than 1000 Å is no displacement any more; the bound keeps the conversion defined.
        long steps = (long)(Math.Min(squaredDisplacement, 1e6) / Step);
        _sums[Low] += steps & ((1L << SplitBits) - 1);
        _sums[High] += steps >> SplitBits;
    }

    /// <summary>Adds what another thread has summed.</summary>
    public void Add(Reduction other)
    {
        for (int k = 0; k < _sums.Length; k++)
            _sums[k] += other._sums[k];
    }

    /// <summary>Collective.</summary>
    public void Sum(ICommunicator communicator) => communicator.AllReduceSum(_sums);
}
