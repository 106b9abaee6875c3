using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines;

/// <summary>Chooses the engine that evaluates a model on the processor; of a conservative model one that differentiates it.</summary>
public static class EngineFactory
{
    /// <summary>The fastest.</summary>
    /// <param name="model">any network</param>
    /// <param name="pool">threads, borrowed for the engine's life</param>
    /// <param name="idle">memory to use during an evaluation, before any of its own; borrowed</param>
    /// <param name="moves">whether displacements will be asked for; what only names need not be differentiated</param>
    public static IEngine Create(NequipModel model, WorkerPool pool, IIdleMemory? idle = null, bool moves = true)
    {
        if (model.IsConservative && moves)
            return FusedNetwork.SupportsPositions(model, out _) ? new ScoreEngine(model, pool) : new ReferenceScoreEngine(model);
        if (SimdEngine.Supports(model, out _))
            return new SimdEngine(model, pool, idle: idle);
        return model.Forces is not null && FusedNetwork.Supports(model, out _) ? new FusedEngine(model, pool) : new ReferenceEngine(model);
    }

    /// <summary>That of double precision.</summary>
    public static IEngine CreateReference(NequipModel model) =>
        model.IsConservative ? new ReferenceScoreEngine(model) : new ReferenceEngine(model);
}
