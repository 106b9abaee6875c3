using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;

namespace Denoise.InSitu;

/// <summary>The implementation behind an <see cref="EngineKind"/>.</summary>
internal static class EngineFactory
{
    /// <summary>The engine asked for, or the reference where the fast one does not know a model's irreps.</summary>
    public static IEngine Create(EngineKind kind, NequipModel model, WorkerPool pool) =>
        kind == EngineKind.Simd && SimdEngine.Supports(model, out _) ? new SimdEngine(model, pool) : new ReferenceEngine(model);
}
