using Denoise.Atoms.Memory;
using Denoise.InSitu.Timing;
using Denoise.Neighbors;
using Denoise.Networks.Engines;
using Denoise.Parallel;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// The exchanges that one evaluation of an engine makes, so that a rank on which the engine fails half-way can make the rest with
/// rows of zeros: the other ranks then finish the evaluation and learn of the failure in the next reduction, instead of waiting
/// forever. The sequence of widths is recorded once, from an evaluation without atoms. What it takes counts as
/// <see cref="Stage.Communication"/>.
/// </summary>
internal sealed unsafe class HaloProtocol(StageTimes times) : IHalo, IDisposable
{
    private readonly NativeBuffer<double> _zeros = new();
    private readonly List<(int Width, bool IsDouble)> _exchanges = [];

    private const int DisplacementWidth = 3;

    private IHalo _inner = NoHalo.Instance;
    private bool _recording;
    private bool _isLocal = true;
    private int _made;

    /// <summary>Largest width of an exchange in floats; 0: none.</summary>
    public int LargestSingleWidth { get; private set; }

    /// <summary>Largest width of an exchange in doubles, that of displacements included.</summary>
    public int LargestDoubleWidth { get; private set; } = DisplacementWidth;

    /// <summary>Learns the exchanges of an engine, instead of those of any before it.</summary>
    public void Record(IEngine engine)
    {
        _exchanges.Clear();
        using NeighborList empty = new();
        empty.Begin(engine.Model.Cutoff);
        using NativeBuffer<double> nothing = new(1);
        float** outputs = stackalloc float*[engine.Heads.Count];
        for (int h = 0; h < engine.Heads.Count; h++)
            outputs[h] = (float*)nothing.Pointer;
        (_recording, _inner) = (true, NoHalo.Instance);
        try
        {
            engine.Evaluate(new ParticleView(nothing.Pointer, 0, 0), (int*)nothing.Pointer, empty, this, outputs);
        }
        finally
        {
            _recording = false;
        }
    }

    /// <summary>What really exchanges, for one frame.</summary>
    public void Attach(IHalo inner) => (_inner, _made, _isLocal) = (inner, 0, inner.TryGetOwners(out _));

    /// <summary>Before every evaluation.</summary>
    public void Begin() => _made = 0;

    /// <summary>Makes the exchanges of this evaluation that have not been made and for which others wait; never throws.</summary>
    /// <param name="rows">owned and ghost rows that the exchange expects</param>
    public void Finish(long rows)
    {
        while (!_isLocal && _made < _exchanges.Count)
        {
            var (width, isDouble) = _exchanges[_made++];
            try
            {
                if (isDouble)
                    _inner.Forward(Zeros(rows * width), width);
                else
                    _inner.Forward((float*)Zeros((rows * width + 1) / 2), width);
            }
            catch (Exception)
            {
                // Nothing more can be done for the others, and the first failure is the one to report.
            }
        }
    }

    /// <summary>Brings the displacements of the owned atoms to the ghosts of a host.</summary>
    public void ExchangeDisplacements(double* rows)
    {
        if (_isLocal)
            return;
        Stage before = times.Enter(Stage.Communication);
        _inner.Forward(rows, DisplacementWidth);
        times.Enter(before);
    }

    /// <summary>Makes the exchange of displacements with rows of zeros; never throws.</summary>
    public void FinishDisplacements(long rows)
    {
        if (_isLocal)
            return;
        try
        {
            _inner.Forward(Zeros(rows * DisplacementWidth), DisplacementWidth);
        }
        catch (Exception)
        {
            // As above.
        }
    }

    public void Forward(float* rows, int width)
    {
        if (IsRecorded(width, isDouble: false))
            return;
        Stage before = times.Enter(Stage.Communication);
        _inner.Forward(rows, width);
        times.Enter(before);
    }

    public void Forward(double* rows, int width)
    {
        if (IsRecorded(width, isDouble: true))
            return;
        Stage before = times.Enter(Stage.Communication);
        _inner.Forward(rows, width);
        times.Enter(before);
    }

    /// <summary>While exchanges are learned, all are to be made.</summary>
    public bool TryGetOwners(out int* owners)
    {
        owners = null;
        return !_recording && _inner.TryGetOwners(out owners);
    }

    /// <summary>Counts an exchange, or only learns of it.</summary>
    private bool IsRecorded(int width, bool isDouble)
    {
        if (!_recording)
        {
            _made++;
            return false;
        }

        _exchanges.Add((width, isDouble));
        if (isDouble)
            LargestDoubleWidth = Math.Max(LargestDoubleWidth, width);
        else
            LargestSingleWidth = Math.Max(LargestSingleWidth, width);
        return true;
    }

    public void Dispose() => _zeros.Dispose();

    private double* Zeros(long count)
    {
        _zeros.Resize(count);
        _zeros.Clear();
        return _zeros.Pointer;
    }
}
