using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// The conservative score in double precision, see <see cref="Fused.ScoreEngine"/>: of networks of any degree, where all ghosts are
/// images of owned atoms.
/// </summary>
public sealed unsafe class ReferenceScoreEngine : IEngine
{
    private readonly ReferenceEngine _engine;
    private readonly ReferenceGradient _gradient;
    private readonly IrrepSlice _logits;
    private double[] _adjoint = [];

    private readonly record struct IrrepSlice(int Offset, int Count);

    /// <param name="model">a network with logits</param>
    public ReferenceScoreEngine(NequipModel model)
    {
        if (model.IndexOfHead(Head.Logits) is not (int head and >= 0))
            throw new NotSupportedException("a conservative score is the gradient of logits, and the network has none");
        (_engine, _gradient) = (new(model), new(model));
        _logits = new(model.Heads[head].Block.Offset, model.Heads[head].Dimension);
        Heads = Head.OfScore(model);
    }

    public NequipModel Model => _engine.Model;

    IModel IEngine.Model => Model;

    public IReadOnlyList<Head> Heads { get; }

    public int HaloWidth => _engine.HaloWidth;

    public double* Forces
    {
        get => _engine.Forces;
        set => _engine.Forces = value;
    }

    public long MemoryBytes => _engine.MemoryBytes;

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        if (!halo.TryGetOwners(out int* owners) && particles.Count > 0)
            throw new InputException("the reference engine computes the conservative score where one process has all atoms; choose the " +
                "automatic engine for several.");
        int owned = particles.LocalCount, width = Model.Output.Dimension;
        _adjoint = _adjoint.Length == owned * width ? _adjoint : new double[owned * width];
        fixed (double* adjoint = _adjoint)
            _engine.EvaluateDouble(particles, species, neighbors, halo, adjoint);
        for (int i = 0; i < owned; i++)
        {
            Span<double> row = _adjoint.AsSpan(i * width, width), logits = row.Slice(_logits.Offset, _logits.Count);
            row[.._logits.Offset].Clear();
            row[(_logits.Offset + _logits.Count)..].Clear();
            for (int c = 0; outputs[1] != null && c < logits.Length; c++)
                outputs[1][(long)i * logits.Length + c] = (float)logits[c];
            LogDensity.Backward(logits);
        }

        _gradient.Accumulate(_engine.Trace, new(species, particles.Count), new OwnerReverseHalo(owners, owned, particles.GhostCount), _adjoint);
        double factor = -Model.Config.ScoreScale * Model.Config.ScoreScale;
        for (long k = 0; outputs[0] != null && k < 3L * owned; k++)
            outputs[0][k] = (float)(factor * _gradient.Positions.Pointer[k]);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _gradient.Dispose();
    }

    private sealed class OwnerReverseHalo(int* owners, int owned, int ghosts) : IReverseHalo
    {
        public void Reverse(double* rows, int width)
        {
            for (int ghost = 0; ghost < ghosts; ghost++)
                for (int c = 0; c < width; c++)
                    rows[(long)owners[ghost] * width + c] += rows[(owned + (long)ghost) * width + c];
        }
    }
}
