using Denoise.Atoms;

namespace Denoise.Neighbors;

/// <summary>A search has met two atoms in one place, in such a crowd that to go on would take very long.</summary>
public sealed class CoincidentAtomsException(AtomPair pair)
    : InputException($"Atoms {pair.I + 1} and {pair.J + 1} are in one place, {pair.Distance:g3} Å apart.")
{
    /// <summary>Indices among the owned and ghost atoms that were searched.</summary>
    public AtomPair Pair { get; } = pair;
}
