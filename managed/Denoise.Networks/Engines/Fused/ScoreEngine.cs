using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// The conservative score of a network that names: displacements are -s^2 d logP / d r of the log-density of its logits
/// (<see cref="LogDensity"/>), s the network's <see cref="NequipConfig.ScoreScale"/>, by one evaluation forwards and backwards in single
/// precision. An atom's displacement depends on twice as many neighbors of neighbors as its logits do; ghosts get rows once per layer
/// forwards and once backwards, so that it is the same on any number of processes.
/// </summary>
public sealed unsafe class ScoreEngine : IEngine
{
    private readonly FusedNetwork _network;
    private readonly ParticleGraph _graph;
    private readonly FusedNetwork.TileAdjoint _adjoint;
    private readonly NativeBuffer<float> _positions = new();
    private readonly int _logits;
    private float* _logitRows;

    /// <param name="model">a network with logits; <see cref="FusedNetwork.SupportsPositions"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    public ScoreEngine(NequipModel model, WorkerPool pool, SimdWidth? width = null)
    {
        if (!FusedNetwork.SupportsPositions(model, out string? reason))
            throw new NotSupportedException(reason);
        _logits = model.IndexOfHead(Head.Logits);
        if (_logits < 0)
            throw new NotSupportedException("a conservative score is the gradient of logits, and the network has none");
        (_network, _graph, _adjoint) = (new(model, pool, width), new(model.Config.Cutoff), Adjoint);
        Heads = Head.OfScore(model);
        _network.Fold(shortestEdge: 0, forPositions: true);
    }

    public NequipModel Model => _network.Model;

    IModel IEngine.Model => Model;

    public IReadOnlyList<Head> Heads { get; }

    public double* Forces { get; set; }

    public int HaloWidth => _network.HaloWidth;

    public int BytesPerAtom => _network.BytesPerAtom + 3 * sizeof(float);

    public long MemoryBytes => _network.MemoryBytes + _positions.CapacityBytes;

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        SpeciesCheck.Require(Model, species, particles.Count);
        bool isLocal = halo.TryGetOwners(out int* owners);
        _graph.Bind(particles, species, neighbors, owners, Forces);
        _logitRows = outputs[1];
        // One more, so that there is a pointer where there are no atoms.
        _positions.Resize(3L * particles.LocalCount + 1);
        _network.Run(_graph, _adjoint, _positions.Pointer, isLocal ? null : halo);
        float factor = (float)-(Model.Config.ScoreScale * Model.Config.ScoreScale);
        float* to = outputs[0];
        for (long k = 0; to != null && k < 3L * particles.LocalCount; k++)
            to[k] = factor * _positions[k];
    }

    public void Dispose()
    {
        _network.Dispose();
        _positions.Dispose();
    }

    private void Adjoint(BlockPlanes output, int first, int count, int chunk) =>
        Adjoint(output, _logits, first, count, _logitRows);

    /// <summary>Turns logits into the derivatives of the log-density by them; every other head does not take part.</summary>
    /// <param name="output">what the network says of some atoms</param>
    /// <param name="logits">the head</param>
    /// <param name="first">first of the atoms</param>
    /// <param name="count">atoms</param>
    /// <param name="rows">[atoms, classes] receives the logits; null: nobody asks</param>
    internal static void Adjoint(BlockPlanes output, int logits, int first, int count, float* rows)
    {
        int classes = output[logits].Multiplicity;
        Span<double> values = stackalloc double[classes];
        foreach (int slot in output.Slots)
            if (slot != logits)
                output[slot].Clear(0, count);
        for (int i = 0; i < count; i++)
        {
            var row = new Span<float>(output[logits].Row(i), classes);
            if (rows != null)
                row.CopyTo(new Span<float>(rows + (first + (long)i) * classes, classes));
            for (int c = 0; c < classes; c++)
                values[c] = row[c];
            LogDensity.Backward(values);
            for (int c = 0; c < classes; c++)
                row[c] = (float)values[c];
        }
    }
}
