using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// Evaluates a network that is told forces in single precision: a <see cref="FusedNetwork"/>, forwards only. Features of all atoms are
/// held between the layers.
/// </summary>
public sealed unsafe class FusedEngine : IEngine
{
    private readonly FusedNetwork _network;
    private readonly ParticleGraph _graph;
    private readonly FusedNetwork.TileAdjoint _copy;
    private float** _outputs;

    /// <param name="model">any network that <see cref="FusedNetwork.Supports"/></param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    public FusedEngine(NequipModel model, WorkerPool pool, SimdWidth? width = null)
    {
        (_network, _graph, _copy) = (new(model, pool, width), new(model.Config.Cutoff), Copy);
        _network.Fold(shortestEdge: 0, forPositions: false);
    }

    public NequipModel Model => _network.Model;

    IModel IEngine.Model => Model;

    public double* Forces { get; set; }

    public int HaloWidth => _network.HaloWidth;

    public int BytesPerAtom => _network.BytesPerAtom;

    public long MemoryBytes => _network.MemoryBytes;

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        SpeciesCheck.Require(Model, species, particles.Count);
        bool isLocal = halo.TryGetOwners(out int* owners);
        _graph.Bind(particles, species, neighbors, owners, Forces);
        _outputs = outputs;
        _network.Evaluate(_graph, _copy, isLocal ? null : halo);
    }

    public void Dispose() => _network.Dispose();

    private void Copy(BlockPlanes output, int first, int count, int chunk)
    {
        for (int h = 0; h < Model.Heads.Count; h++)
        {
            if (_outputs[h] == null)
                continue;
            BlockPlane plane = output[h];
            float* to = _outputs[h] + (long)first * plane.Block.Dimension;
            for (int i = 0; i < count; i++)
                for (int c = 0; c < plane.Multiplicity; c++)
                    for (int m = 0; m < plane.Components; m++)
                        *to++ = plane.Row(i)[(nint)m * plane.Channels + c];
        }
    }
}
