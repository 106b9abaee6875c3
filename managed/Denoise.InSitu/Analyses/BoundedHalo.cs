using Denoise.Parallel;

namespace Denoise.InSitu.Analyses;

/// <summary>The halo that analyses use: no wider than they said, which is what the host was told.</summary>
/// <param name="times">what it takes counts as communication</param>
internal sealed unsafe class BoundedHalo(Timing.StageTimes times) : IHalo
{
    private IHalo _inner = NoHalo.Instance;
    private int _width;

    /// <param name="inner">of the frame</param>
    /// <param name="width">values of eight bytes per atom</param>
    public void Attach(IHalo inner, int width) => (_inner, _width) = (inner, width);

    public void Forward(float* rows, int width)
    {
        Require(width);
        Timing.Stage before = times.Enter(Timing.Stage.Communication);
        _inner.Forward(rows, width);
        times.Enter(before);
    }

    public void Forward(double* rows, int width)
    {
        Require(width);
        Timing.Stage before = times.Enter(Timing.Stage.Communication);
        _inner.Forward(rows, width);
        times.Enter(before);
    }

    public bool TryGetOwners(out int* owners) => _inner.TryGetOwners(out owners);

    private void Require(int width)
    {
        if (width > _width)
            throw new InvalidOperationException($"an analysis exchanges {width} values per atom, but declares {_width}");
    }
}
