using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.InSitu.Tests;

/// <summary>The atoms of one virtual rank and the ghosts around them.</summary>
internal sealed class VirtualDomain
{
    /// <summary>[LocalCount + ghosts, 3]</summary>
    public required double[] Positions { get; init; }

    public required int[] Types { get; init; }

    public required long[] Ids { get; init; }

    public required int LocalCount { get; init; }

    public required double GhostCutoff { get; init; }

    /// <summary>Of the whole crystal.</summary>
    public required Box Cell { get; init; }

    /// <summary>[ghosts] the rank that owns the atom and its index there.</summary>
    public required (int Owner, int Index)[] Ghosts { get; init; }

    /// <summary>
    /// Cuts a crystal along x at the given fractions, e.g. [0, 0.5, 0.5, 1]: three slabs, of which the second is empty. Ids are
    /// the crystal's indices from 1.
    /// </summary>
    public static VirtualDomain[] Cut(TestCrystal crystal, double[] fractions, double ghostCutoff)
    {
        double[] edge = [crystal.Box.A.X, crystal.Box.B.Y, crystal.Box.C.Z];
        double[] wrapped = [.. crystal.Positions];
        for (int k = 0; k < wrapped.Length; k++)
            if (crystal.Box.IsPeriodic(k % 3))
                wrapped[k] -= Math.Floor(wrapped[k] / edge[k % 3]) * edge[k % 3];

        int ranks = fractions.Length - 1;
        var owned = new List<int>[ranks];
        (int Owner, int Index)[] home = new (int, int)[crystal.Count];
        for (int r = 0; r < ranks; r++)
        {
            owned[r] = [.. Enumerable.Range(0, crystal.Count)
                .Where(i => wrapped[3 * i] / edge[0] >= fractions[r] && wrapped[3 * i] / edge[0] < fractions[r + 1])];
            for (int k = 0; k < owned[r].Count; k++)
                home[owned[r][k]] = (r, k);
        }

        return [.. Enumerable.Range(0, ranks).Select(r =>
            Create(crystal, wrapped, edge, owned[r], home, (fractions[r] * edge[0], fractions[r + 1] * edge[0]), ghostCutoff))];
    }

    public FrameInput Frame(IHalo halo) => new()
    {
        Step = 42,
        LocalCount = LocalCount,
        Positions = Positions,
        Types = Types,
        Ids = Ids,
        GhostCutoff = GhostCutoff,
        Cell = Cell,
        Halo = halo,
    };

    private static VirtualDomain Create(TestCrystal crystal, double[] wrapped, double[] edge, List<int> owned,
        (int Owner, int Index)[] home, (double Low, double High) slab, double ghostCutoff)
    {
        List<int> atoms = [.. owned];
        List<double> positions = [.. owned.SelectMany(i => wrapped[(3 * i)..(3 * i + 3)])];
        double[] low = [slab.Low, 0, 0], high = [slab.High, edge[1], edge[2]];
        if (slab.High > slab.Low)
        {
            for (int image = 0; image < 27; image++)
            {
                int[] shift = [image % 3 - 1, image / 3 % 3 - 1, image / 9 - 1];
                if (Enumerable.Range(0, 3).Any(axis => shift[axis] != 0 && !crystal.Box.IsPeriodic(axis)))
                    continue;
                for (int i = 0; i < crystal.Count; i++)
                {
                    double[] r = [.. Enumerable.Range(0, 3).Select(axis => wrapped[3 * i + axis] + shift[axis] * edge[axis])];
                    bool isOwned = image == 13 && r[0] >= slab.Low && r[0] < slab.High;
                    bool isNear = Enumerable.Range(0, 3).All(axis => !crystal.Box.IsPeriodic(axis)
                        || (r[axis] > low[axis] - ghostCutoff && r[axis] < high[axis] + ghostCutoff));
                    if (isOwned || !isNear)
                        continue;
                    atoms.Add(i);
                    positions.AddRange(r);
                }
            }
        }

        return new()
        {
            Positions = [.. positions],
            Types = [.. atoms.Select(i => crystal.Types[i])],
            Ids = [.. atoms.Select(i => i + 1L)],
            LocalCount = owned.Count,
            GhostCutoff = ghostCutoff,
            Cell = crystal.Box,
            Ghosts = [.. atoms.Skip(owned.Count).Select(i => home[i])],
        };
    }
}
