using Denoise.InSitu.Native;

namespace Denoise.Fuzz.Targets;

/// <summary>Where a result goes, and whether it came as promised.</summary>
internal unsafe struct HostileResult
{
    private const byte Untouched = 0xa5;

    private bool _isWhole;

    public DnResult Struct;

    /// <summary>Rows for which there is room.</summary>
    public int Owned { get; private set; }

    public static HostileResult Make(ref Choices choices, FencedMemory memory, in DnFrame frame)
    {
        int owned = frame.Positions == null ? 0 : frame.NLocal;
        HostileResult result = default;
        new Span<byte>(&result.Struct, sizeof(DnResult)).Fill(Untouched);
        result.Owned = owned;
        result.Struct.StructSize = (nuint)choices.OrEdge(sizeof(DnResult), 64);
        result._isWhole = result.Struct.StructSize == (nuint)sizeof(DnResult) && frame.StructSize >= (nuint)sizeof(DnFrame);
        result.Struct.StructureTypes = choices.Seldom(16) ? null : memory.Place<int>(owned, Untouched);
        result.Struct.StructureTypesRaw = choices.Seldom(16) ? null : memory.Place<int>(owned, Untouched);
        result.Struct.Positions = choices.Seldom(16) ? null : memory.Place<double>(3 * owned, Untouched);
        result.Struct.Displacements = choices.Seldom(16) ? null : memory.Place<double>(owned, Untouched);
        return result;
    }

    /// <summary>After a failure: nothing was written.</summary>
    public void CheckUntouched()
    {
        DnResult copy = Struct;
        bool isUntouched = new ReadOnlySpan<byte>(copy.Counts, sizeof(long) * Dn.DN_STRUCTURE_COUNT).IndexOfAnyExcept(Untouched) < 0
            && (copy.StructureTypes == null
                || new ReadOnlySpan<byte>(copy.StructureTypes, sizeof(int) * Owned).IndexOfAnyExcept(Untouched) < 0)
            && (copy.Positions == null
                || new ReadOnlySpan<byte>(copy.Positions, 3 * sizeof(double) * Owned).IndexOfAnyExcept(Untouched) < 0);
        BrokenPromise.Unless(isUntouched, "a call that failed has written to its result");
    }

    public void Check(in DnFrame frame)
    {
        // A library that sees the first fields only does not see where some of the rest goes.
        if (!_isWhole)
            return;
        DnResult copy = Struct;
        if (copy.StructureTypes != null)
            foreach (int type in new ReadOnlySpan<int>(copy.StructureTypes, Owned))
                BrokenPromise.Unless(type is >= 0 and < Dn.DN_STRUCTURE_COUNT, $"structure type {type}");
        if (copy.Positions != null)
            foreach (double x in new ReadOnlySpan<double>(copy.Positions, 3 * Owned))
                BrokenPromise.Unless(double.IsFinite(x), $"a position of {x}");
        long counted = 0, selected = 0;
        for (int type = 0; type < Dn.DN_STRUCTURE_COUNT; type++)
            counted += copy.Counts[type];
        for (int i = 0; i < Owned; i++)
            selected += frame.Selection == null || frame.Selection[i] != 0 ? 1 : 0;
        BrokenPromise.Unless(counted <= selected, $"{counted} atoms are counted, {selected} are selected");
        BrokenPromise.Unless(double.IsFinite(copy.Scale) && copy.Scale > 0, $"a scale of {copy.Scale}");
        BrokenPromise.Unless(double.IsFinite(copy.RmsDisplacement), $"a displacement of {copy.RmsDisplacement}");
    }

    /// <summary>Another result of the same frame: types and counts are the same.</summary>
    public void CheckEqual(in HostileResult other)
    {
        if (!_isWhole)
            return;
        DnResult mine = Struct, theirs = other.Struct;
        bool areEqual = (mine.StructureTypes == null || theirs.StructureTypes == null
            || new ReadOnlySpan<int>(mine.StructureTypes, Owned).SequenceEqual(new(theirs.StructureTypes, Owned)))
            && new ReadOnlySpan<long>(mine.Counts, Dn.DN_STRUCTURE_COUNT).SequenceEqual(new(theirs.Counts, Dn.DN_STRUCTURE_COUNT));
        BrokenPromise.Unless(areEqual, "a frame's structures are others in a new session: they depend on the frames before");
    }
}
