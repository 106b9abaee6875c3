using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>The edges of a frame with all that depends on their vectors alone; the same for every layer.</summary>
public sealed class ReferenceEdges : IDisposable
{
    private readonly double[] _harmonics = new double[(Irrep.LMax + 1) * (Irrep.LMax + 1)];

    public ReferenceGraph Graph { get; } = new();

    /// <summary>[edges, Bessel functions]</summary>
    public FeatureTable RadialBasis { get; } = new();

    /// <summary>[edges, Edge.Dimension] in the order of the model's edge irreps.</summary>
    public FeatureTable Harmonics { get; } = new();

    public long MemoryBytes => Graph.MemoryBytes + RadialBasis.MemoryBytes + Harmonics.MemoryBytes;

    /// <summary>Embeds the edges of <see cref="Graph"/>.</summary>
    public void Embed(NequipModel model)
    {
        RadialBasis.Resize(Graph.EdgeCount, model.Config.Radial[0]);
        Harmonics.Resize(Graph.EdgeCount, model.Edge.Dimension);
        for (long edge = 0; edge < Graph.EdgeCount; edge++)
        {
            Vec3 vector = Graph.Vector(edge);
            ReferenceRadialBasis.Evaluate(model.Config.Basis, vector.Length, model.Config.Cutoff, RadialBasis.Row(edge));
            SphericalHarmonics.Evaluate(model.Edge.LMax, vector, _harmonics);
            Span<double> row = Harmonics.Row(edge);
            for (int h = 0; h < model.Edge.Count; h++)
            {
                IrrepBlock block = model.Edge[h];
                _harmonics.AsSpan(SphericalHarmonics.Index(block.L, -block.L), block.Dimension).CopyTo(row[block.Offset..]);
            }
        }
    }

    public void Dispose()
    {
        Graph.Dispose();
        RadialBasis.Dispose();
        Harmonics.Dispose();
    }
}
