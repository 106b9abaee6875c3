using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Reference;

/// <summary>One interaction, stage by stage; see <see cref="InteractionLayer"/> for the formula.</summary>
internal sealed unsafe class ReferenceLayer
{
    private readonly InteractionLayer _layer;
    private readonly bool _followsFromSpecies;
    private readonly ReferenceProduct _selfConnection;
    private readonly ReferenceProduct _lin1;
    private readonly ReferenceProduct _lin2;
    private readonly ReferenceProduct _alpha;
    private readonly ReferenceConvolution _convolution;

    public ReferenceLayer(NequipModel model, int index)
    {
        _layer = model.Layers[index];
        _followsFromSpecies = index == 0 && model.Forces is null;
        _selfConnection = new(_layer.SelfConnection);
        _lin1 = new(_layer.Lin1);
        _lin2 = new(_layer.Lin2);
        _alpha = new(_layer.Alpha);
        _convolution = new(_layer, model.Config);
    }

    /// <param name="x">features of owned atoms; in a first layer without forces also of ghosts, whose species are known</param>
    /// <param name="z">attributes of owned and ghost atoms</param>
    /// <param name="edges">embedded edges</param>
    /// <param name="halo">brings lin1(x, z) to the ghosts</param>
    /// <param name="trace">receives all intermediates</param>
    /// <param name="traceEdges">whether it also receives those of every edge</param>
    /// <param name="kept">lin1(x, z) of owned atoms when each was last active; null: not kept</param>
    /// <param name="active">see <see cref="IEngine.Evaluate"/></param>
    public void Forward(FeatureTable x, FeatureTable z, ReferenceEdges edges, IHalo halo, LayerTrace trace, bool traceEdges,
        FeatureTable? kept = null, byte* active = null)
    {
        int owned = edges.Graph.LocalCount, all = edges.Graph.AtomCount;

        trace.SelfConnection.Resize(owned, _layer.PreGate.Dimension);
        _selfConnection.Forward(x, z, owned, trace.SelfConnection);

        trace.Lin1.Resize(all, _layer.Input.Dimension);
        _lin1.Forward(x, z, _followsFromSpecies ? all : owned, trace.Lin1);
        if (kept is not null)
            Keep(trace.Lin1, kept, owned, active);
        if (!_followsFromSpecies)
            halo.Forward(trace.Lin1.Pointer, trace.Lin1.Width);

        _convolution.Forward(edges, trace.Lin1, trace.Aggregated, traceEdges ? trace : null);

        trace.Lin2.Resize(owned, _layer.PreGate.Dimension);
        _lin2.Forward(trace.Aggregated, z, owned, trace.Lin2);

        trace.Alpha.Resize(owned, 1);
        _alpha.Forward(trace.Aggregated, z, owned, trace.Alpha);

        trace.PreGate.Resize(owned, _layer.PreGate.Dimension);
        Combine(trace);

        trace.Gate.Resize(owned, _layer.Output.Dimension);
        ReferenceGate.Forward(_layer.Gate, trace.PreGate, trace.Gate);
    }

    private static void Keep(FeatureTable rows, FeatureTable kept, int owned, byte* active)
    {
        for (int i = 0; active != null && i < owned; i++)
            if (active[i] == 0)
                kept.Row(i).CopyTo(rows.Row(i));
        kept.Resize(owned, rows.Width);
        new ReadOnlySpan<double>(rows.Pointer, owned * rows.Width).CopyTo(new(kept.Pointer, owned * rows.Width));
    }

    /// <summary>sc + ((1 - m) + alpha m) lin2</summary>
    private void Combine(LayerTrace trace)
    {
        float[] mask = _layer.SelfConnection.OutputMask;
        for (long atom = 0; atom < trace.PreGate.RowCount; atom++)
        {
            ReadOnlySpan<double> selfConnection = trace.SelfConnection.Row(atom), lin2 = trace.Lin2.Row(atom);
            Span<double> preGate = trace.PreGate.Row(atom);
            double alpha = trace.Alpha.Row(atom)[0];
            for (int c = 0; c < preGate.Length; c++)
                preGate[c] = selfConnection[c] + (1 - mask[c] + alpha * mask[c]) * lin2[c];
        }
    }
}
