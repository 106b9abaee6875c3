using Denoise.Atoms;
using Denoise.Cli.Analysis;
using Denoise.InSitu;
using Denoise.Neighbors;
using Denoise.Networks.Models;

namespace Denoise.Fuzz.Targets;

/// <summary>
/// The road of a frame behind the reader, as the command line takes it: ghosts, scale, one denoising step, identification.
/// </summary>
internal sealed class FrameAnalysis : IDisposable
{
    private const double FixedCutoff = 3;

    private readonly LocalAnalyzer _analyzer = new(isTold: false);
    private readonly SpeciesAssignment _species;
    private readonly LocalSpacing _spacing = new();
    private readonly double _lengthUnit;
    private readonly Session _session;

    /// <param name="way">which of the ways: identified as it is, adaptively or with a fixed cutoff, or denoised before</param>
    /// <param name="units">of the frame, where it says</param>
    public FrameAnalysis(int way, string? units)
    {
        _lengthUnit = units is null ? 1 : LammpsUnits.AngstromPerLength(units) ?? 1;
        NequipModel? model = (way & 3) < 2 ? null : Networks.OneSpecies;
        _species = new(model, []);
        _session = new(new SessionOptions
        {
            Model = model,
            MaxIterations = 1,
            Scale = (way & 3) == 3 ? 1 : 0,
            Classification = (way & 3) == 1 ? Classification.CommonNeighbors : Classification.AdaptiveCommonNeighbors,
            CnaCutoff = FixedCutoff,
            LengthUnit = _lengthUnit,
            MemoryLimit = Running.Limits.SessionBytes,
        });
    }

    public unsafe void Run(Frame frame, string path)
    {
        _species.Assign(frame, path);
        _analyzer.Prepare(frame);
        double spacing = _spacing.Find(frame.Positions.Pointer, frame.Count, frame.Box);
        FrameHeader header = new(FrameKind.Good, frame.Step, _lengthUnit, spacing, !frame.Box.AnyPeriodic, CellRecord.Of(frame.Box));
        FrameResult result = _analyzer.Analyze(_session, header, frame);

        long counted = 0;
        foreach (long count in result.Counts)
            counted += count;
        BrokenPromise.Unless(counted == frame.Count, $"{counted} atoms are counted, {frame.Count} are there");
        BrokenPromise.Unless(double.IsFinite(result.Scale) && result.Scale > 0, $"a scale of {result.Scale}");
        BrokenPromise.Unless(double.IsFinite(result.RmsDisplacement), $"a displacement of {result.RmsDisplacement}");
        foreach (double x in frame.Positions.Span)
            BrokenPromise.Unless(double.IsFinite(x), "a denoised position that is not finite");
    }

    public void Dispose()
    {
        _session.Dispose();
        _analyzer.Dispose();
        _spacing.Dispose();
    }
}
