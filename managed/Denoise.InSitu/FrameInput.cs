using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// The atoms of one step in host units, borrowed for the call: owned atoms first, their ghosts after them. Either the host brings
/// the ghosts, with a <see cref="Halo"/> that fills them, or a periodic <see cref="Box"/> from which the session makes them.
/// </summary>
public readonly ref struct FrameInput
{
    /// <summary>Time step, for messages.</summary>
    public long Step { get; init; }

    /// <summary>Atoms that this rank owns; may be 0.</summary>
    public int LocalCount { get; init; }

    /// <summary>[LocalCount + ghosts, 3], row-major.</summary>
    public ReadOnlySpan<double> Positions { get; init; }

    /// <summary>[LocalCount + ghosts] from 1; empty: all 1.</summary>
    public ReadOnlySpan<int> Types { get; init; }

    /// <summary>[LocalCount + ghosts], for messages; empty: 1, 2, ...</summary>
    public ReadOnlySpan<long> Ids { get; init; }

    /// <summary>[LocalCount], non-zero: counted and reported; empty: all. The others are denoised too, as surroundings.</summary>
    public ReadOnlySpan<int> Selection { get; init; }

    /// <summary>
    /// [LocalCount, 3] forces on the owned atoms, eV/Å whatever the host's units are: for a network that is told forces, in its first
    /// iteration, behind which the atoms are elsewhere and nobody knows theirs. Empty: not known.
    /// </summary>
    public ReadOnlySpan<double> Forces { get; init; }

    /// <summary>Used where it is periodic, and only without ghosts and on one rank. Null: open space, or ghosts of the host.</summary>
    public Box? Box { get; init; }

    /// <summary>
    /// Cell and periodicity of the whole system where a host brings its own ghosts: what analyses need of it that count atoms per
    /// volume or compare with a reference. Null: not known.
    /// </summary>
    public Box? Cell { get; init; }

    /// <summary>Distance around every owned atom within which ghosts are complete; 0: no rank has ghosts.</summary>
    public double GhostCutoff { get; init; }

    /// <summary>Fills the rows of the ghosts; null only where no rank has ghosts.</summary>
    public IHalo? Halo { get; init; }
}
