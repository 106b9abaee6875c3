using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>What a layer needs of the atoms at hand only, for one thread; small enough for the second-level cache.</summary>
internal sealed class TileScratch : IDisposable
{
    /// <summary>Atoms of a tile.</summary>
    public const int Atoms = 32;

    /// <param name="layer">the layer</param>
    /// <param name="kernels">vector width</param>
    /// <param name="isWanted">of the pre-gate irreps, see <see cref="BlockPlanes"/></param>
    public TileScratch(InteractionLayer layer, FusedKernels kernels, Func<Irrep, bool> isWanted)
    {
        BlockPlanes Planes(Irreps irreps, Func<Irrep, bool>? isWanted = null)
        {
            var planes = new BlockPlanes(irreps, kernels, isWanted);
            planes.Resize(Atoms);
            return planes;
        }

        (Lin2, Sigmoids) = (Planes(layer.PreGate, isWanted), Planes(layer.PreGate, isWanted));
        PreGateAdj = Planes(layer.PreGate, isWanted);
        SourcesAdj = Planes(layer.Input);
        Alpha = Planes(layer.Alpha.Output);
    }

    /// <summary>lin2(aggregate, z)</summary>
    public BlockPlanes Lin2 { get; }

    /// <summary>of the pre-gate scalars</summary>
    public BlockPlanes Sigmoids { get; }

    public BlockPlanes PreGateAdj { get; }

    /// <summary>adjoint of lin1(x, z)</summary>
    public BlockPlanes SourcesAdj { get; }

    /// <summary>alpha(aggregate, z), or its adjoint</summary>
    public BlockPlanes Alpha { get; }

    public void Dispose()
    {
        foreach (BlockPlanes planes in (BlockPlanes[])[Lin2, Sigmoids, PreGateAdj, SourcesAdj, Alpha])
            planes.Dispose();
    }
}
