using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>
/// Arranges the channels of a feature vector for the lanes: blocks of equal irreps become one <see cref="IrrepGroup"/>. Knows for
/// every channel that it holds where e3nn's vector has it, so that weights can be carried over.
/// </summary>
internal sealed class ChannelLayout
{
    private readonly List<(Irrep Irrep, int Channels)> _sections = [];
    private readonly Dictionary<int, (int Group, int Channel)> _byOffset = [];
    private IrrepGroup[] _groups = [];

    public IReadOnlyList<IrrepGroup> Groups => _groups;

    /// <summary>Floats of a row.</summary>
    public int Length { get; private set; }

    /// <summary>Groups begun so far.</summary>
    public int SectionCount => _sections.Count;

    /// <summary>The layout of features; blocks whose irrep is not wanted are left out.</summary>
    public static ChannelLayout Of(Irreps irreps, Func<Irrep, bool> isWanted)
    {
        var layout = new ChannelLayout();
        foreach (IrrepBlock block in irreps)
            if (isWanted(block.Irrep))
                layout.Append(block.Irrep, block.Multiplicity, block.Offset, block.Irrep.Dimension, padAfter: false);
        return layout.Complete();
    }

    /// <summary>
    /// Appends channels to their irrep's group: channel u of e3nn's vector starts at <paramref name="offset"/> + u *
    /// <paramref name="step"/>. With <paramref name="padAfter"/> whatever follows starts at a multiple of four channels.
    /// </summary>
    /// <returns>channel within the group of the first one</returns>
    public int Append(Irrep irrep, int count, int offset, int step, bool padAfter)
    {
        int group = _sections.FindIndex(section => section.Irrep == irrep);
        if (group < 0)
        {
            group = _sections.Count;
            _sections.Add((irrep, 0));
        }

        int first = _sections[group].Channels;
        for (int u = 0; u < count; u++)
            _byOffset.Add(offset + u * step, (group, first + u));
        _sections[group] = (irrep, padAfter ? IrrepGroup.Pad(first + count) : first + count);
        return first;
    }

    /// <summary>Begins a group of channels that are none of e3nn's: nothing finds them.</summary>
    public void AppendOwn(Irrep irrep, int count) => _sections.Add((irrep, count));

    /// <summary>Fixes the offsets; to be called once, after the last <see cref="Append"/>.</summary>
    public ChannelLayout Complete()
    {
        _groups = new IrrepGroup[_sections.Count];
        for (int g = 0; g < _groups.Length; g++)
        {
            _groups[g] = new(_sections[g].Irrep, Length, IrrepGroup.Pad(_sections[g].Channels));
            Length += _groups[g].Length;
        }

        return this;
    }

    /// <summary>Where the channel lies whose first component e3nn keeps at <paramref name="offset"/>.</summary>
    public bool TryFind(int offset, out int group, out int channel)
    {
        bool found = _byOffset.TryGetValue(offset, out var place);
        (group, channel) = place;
        return found;
    }

    /// <summary>Index of the group of that irrep, -1 if there is none.</summary>
    public int IndexOf(Irrep irrep) => Array.FindIndex(_groups, group => group.Irrep == irrep);
}
