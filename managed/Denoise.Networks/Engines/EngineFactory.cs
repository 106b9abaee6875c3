using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines;

/// <summary>Chooses the fastest engine that can evaluate a model on the processor.</summary>
public static class EngineFactory
{
    /// <param name="model">any network</param>
    /// <param name="pool">threads, borrowed for the engine's life</param>
    /// <param name="idle">memory to use during an evaluation, before any of its own; borrowed</param>
    public static IEngine Create(NequipModel model, WorkerPool pool, IIdleMemory? idle = null) =>
        SimdEngine.Supports(model, out _) ? new SimdEngine(model, pool, idle: idle) : new ReferenceEngine(model);
}
