using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// Evaluates any model in double precision, stage by stage as the formulas are written, and keeps every intermediate: the oracle
/// of the other engines. About 10 kB per atom and layer, some thousand atoms per second.
/// </summary>
public sealed unsafe class ReferenceEngine : IEngine
{
    private readonly ReferenceLayer[] _layers;
    private readonly ReferenceProduct _readout;
    private readonly FeatureTable[] _kept;

    public ReferenceEngine(NequipModel model)
    {
        Model = model;
        _layers = [.. Enumerable.Range(0, model.Layers.Count).Select(k => new ReferenceLayer(model, k))];
        _readout = new(model.Readout);
        Trace = new(model);
        _kept = [.. _layers.Select(_ => new FeatureTable())];
        // Rows are exchanged in double precision, twice as wide as floats. The first layer needs no exchange where its
        // features follow from the species.
        HaloWidth = 2 * model.Layers.Skip(model.Forces is null ? 1 : 0).Select(layer => layer.Input.Dimension).DefaultIfEmpty(0).Max();
    }

    public NequipModel Model { get; }

    IModel IEngine.Model => Model;

    public int HaloWidth { get; }

    public bool KeepsRows { get; set; }

    public double* Forces { get; set; }

    public int KeptBytesPerAtom => sizeof(double) * Model.Layers.Skip(1).Sum(layer => layer.Input.Dimension);

    public long MemoryBytes => Trace.MemoryBytes + _kept.Sum(table => table.MemoryBytes);

    /// <summary>Intermediates of the last evaluation.</summary>
    public ReferenceTrace Trace { get; }

    /// <summary>Whether the trace keeps radial weights and messages of every edge too.</summary>
    public bool TraceEdges { get; set; }

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        Forward(particles, species, neighbors, halo, active);
        for (int h = 0; h < Model.Heads.Count; h++)
        {
            IrrepBlock block = Model.Heads[h].Block;
            float* to = outputs[h];
            for (int i = 0; to is not null && i < particles.LocalCount; i++)
            {
                for (int c = block.Offset; c < block.End && (active == null || active[i] != 0); c++)
                    to[c - block.Offset] = (float)Trace.Prediction.Row(i)[c];
                to += block.Dimension;
            }
        }
    }

    /// <summary>All heads side by side, [nLocal, output dimension], without rounding; see <see cref="IEngine.Evaluate"/>.</summary>
    public void EvaluateDouble(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, double* output)
    {
        Forward(particles, species, neighbors, halo, null);
        long count = Trace.Prediction.RowCount * Trace.Prediction.Width;
        new Span<double>(Trace.Prediction.Pointer, checked((int)count)).CopyTo(new Span<double>(output, (int)count));
    }

    public void Dispose()
    {
        Trace.Dispose();
        foreach (FeatureTable table in _kept)
            table.Dispose();
    }

    /// <summary>Everything is computed for all atoms; where one is not active, its neighbors read what was kept.</summary>
    private void Forward(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, byte* active)
    {
        Trace.Edges.Graph.Build(particles, neighbors, Model.Config.Cutoff);
        Trace.Edges.Embed(Model);
        EmbedSpecies(species, particles.Count);
        if (Model.Forces is { } encoding)
            EmbedForces(encoding, particles.LocalCount);
        for (int k = 0; k < _layers.Length; k++)
            _layers[k].Forward(Trace.Features(k), Trace.EmbedZ, Trace.Edges, halo, Trace.Layers[k], TraceEdges,
                KeepsRows ? _kept[k] : null, active);
        Trace.Prediction.Resize(particles.LocalCount, Model.Output.Dimension);
        _readout.Forward(Trace.Features(_layers.Length), Trace.EmbedZ, particles.LocalCount, Trace.Prediction);
    }

    /// <summary>Of owned atoms; ghosts get what follows from it.</summary>
    private void EmbedForces(ForceEncoding encoding, int owned)
    {
        Trace.ForceHarmonics.Resize(owned, encoding.HarmonicCount);
        Trace.ForceHarmonics.Clear();
        for (int atom = 0; Forces != null && atom < owned; atom++)
        {
            double* f = Forces + 3L * atom;
            Span<double> harmonics = Trace.ForceHarmonics.Row(atom), row = Trace.EmbedX.Row(atom);
            encoding.Evaluate(new(f[0], f[1], f[2]), harmonics);
            int channel = 0;
            foreach (IrrepBlock block in encoding.Features)
                for (int c = 0; c < block.Multiplicity; c++, channel++)
                    for (int m = 0; m < block.Irrep.Dimension; m++)
                        row[block.Offset + c * block.Irrep.Dimension + m] += encoding.Weights[channel] * harmonics[block.L * block.L + m];
        }
    }

    private void EmbedSpecies(int* species, int atomCount)
    {
        int nx = Model.NodeEmbedding.Dimension, nz = Model.AttributeEmbedding.Dimension;
        Trace.EmbedX.Resize(atomCount, Model.Features.Dimension);
        Trace.EmbedX.Clear();
        Trace.EmbedZ.Resize(atomCount, nz);
        for (int atom = 0; atom < atomCount; atom++)
        {
            int s = species[atom];
            if ((uint)s >= (uint)Model.SpeciesCount)
                throw new InputException($"Atom {atom} has species {s}, but the model {Model.Origin} knows {Model.SpeciesCount} species " +
                    "(counted from 0): map every atom type to one of them.");
            for (int c = 0; c < nx; c++)
                Trace.EmbedX.Row(atom)[c] = Model.NodeTable[s * nx + c];
            for (int c = 0; c < nz; c++)
                Trace.EmbedZ.Row(atom)[c] = Model.AttributeTable[s * nz + c];
        }
    }
}
