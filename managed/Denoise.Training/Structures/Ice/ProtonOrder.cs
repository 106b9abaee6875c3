using Denoise.Atoms;
using Denoise.Training.Sampling;

namespace Denoise.Training.Structures.Ice;

/// <summary>
/// Arrangements of hydrogens that obey the ice rules: one on every bond, two at every oxygen (Bernal and Fowler, J. Chem. Phys. 1, 515,
/// 1933). Four bonds meet at an oxygen, so that random walks along bonds that were not used yet decompose them into rings. A ring that
/// points the same way all around takes as many hydrogens from an oxygen as it brings, so either way of each will do; and every
/// arrangement is one of these. Only rings that close through the periodic boundary have a dipole: they are turned until it is least.
/// </summary>
internal sealed class ProtonOrder
{
    private const int Attempts = 20;

    // Å; dipoles of rings are differences of lattice vectors, which are much longer.
    private const double Rounding = 1e-6;

    private readonly HydrogenBond[] _bonds;
    private readonly int[][] _bondsOf;

    /// <param name="oxygens">their number</param>
    /// <param name="bonds">two per oxygen</param>
    public ProtonOrder(int oxygens, HydrogenBond[] bonds)
    {
        _bonds = bonds;
        List<int>[] bondsOf = [.. Enumerable.Range(0, oxygens).Select(_ => new List<int>())];
        for (int b = 0; b < bonds.Length; b++)
        {
            bondsOf[bonds[b].From].Add(b);
            bondsOf[bonds[b].To].Add(b);
        }

        _bondsOf = [.. bondsOf.Select(list => list.ToArray())];
        if (Array.Exists(_bondsOf, list => list.Length != 4))
            throw new ArgumentException("four bonds meet at an oxygen", nameof(bonds));
    }

    /// <summary>[oxygens, 2] vectors along the bonds whose hydrogens are the oxygen's, Å.</summary>
    public Vec3[] Draw(ref RandomStream random)
    {
        (Vec3[] best, double least) = ([], double.PositiveInfinity);
        // Some decompositions have no way without a dipole, and of the smallest crystals all.
        for (int attempt = 0; attempt < Attempts && least > Rounding; attempt++)
        {
            Vec3[] directions = DrawOnce(ref random);
            double dipole = Dipole(directions).Length;
            if (dipole < least)
                (best, least) = (directions, dipole);
        }

        return best;
    }

    private Vec3[] DrawOnce(ref RandomStream random)
    {
        List<Ring> rings = Decompose(ref random);
        bool[] turned = Turn(rings, ref random);
        var directions = new Vec3[2 * _bondsOf.Length];
        int[] given = new int[_bondsOf.Length];
        for (int r = 0; r < rings.Count; r++)
            foreach ((int bond, bool isForward) in rings[r].Steps)
            {
                HydrogenBond along = _bonds[bond];
                bool fromFirst = isForward != turned[r];
                int owner = fromFirst ? along.From : along.To;
                directions[2 * owner + given[owner]++] = fromFirst ? along.Vector : along.Vector * -1;
            }

        return directions;
    }

    /// <summary>Sum of the vectors along all bonds, from the oxygens that have the hydrogens, Å.</summary>
    public static Vec3 Dipole(IEnumerable<Vec3> directions) => directions.Aggregate(default(Vec3), (sum, direction) => sum + direction);

    private List<Ring> Decompose(ref RandomStream random)
    {
        List<Ring> rings = [];
        bool[] isUsed = new bool[_bonds.Length];
        int[] onPath = new int[_bondsOf.Length];
        Array.Fill(onPath, -1);
        List<(int Oxygen, int Bond, bool IsForward)> path = [];
        Span<int> free = stackalloc int[4];
        for (int start = 0; start < _bondsOf.Length; start++)
        {
            int at = start;
            onPath[at] = 0;
            while (true)
            {
                int count = 0;
                foreach (int bond in _bondsOf[at])
                    if (!isUsed[bond])
                        free[count++] = bond;
                // Only where a walk began, and its path is empty.
                if (count == 0)
                    break;
                int taken = free[random.Integer(count)];
                isUsed[taken] = true;
                bool isForward = _bonds[taken].From == at;
                path.Add((at, taken, isForward));
                int next = isForward ? _bonds[taken].To : _bonds[taken].From;
                at = next;
                if (onPath[next] < 0)
                {
                    onPath[next] = path.Count;
                    continue;
                }

                int first = onPath[next];
                Vec3 dipole = default;
                var steps = new (int, bool)[path.Count - first];
                for (int k = first; k < path.Count; k++)
                {
                    (int oxygen, int bond, bool forward) = path[k];
                    steps[k - first] = (bond, forward);
                    dipole += _bonds[bond].Vector * (forward ? 1 : -1);
                    if (k > first)
                        onPath[oxygen] = -1;
                }

                path.RemoveRange(first, path.Count - first);
                rings.Add(new(steps, dipole));
            }

            onPath[start] = -1;
        }

        return rings;
    }

    /// <summary>Which rings run backwards: by chance, then such that the dipole is as small as turning single ones makes it.</summary>
    private static bool[] Turn(List<Ring> rings, ref RandomStream random)
    {
        bool[] turned = new bool[rings.Count];
        double best = double.PositiveInfinity;
        for (int attempt = 0; attempt < Attempts && best > Rounding; attempt++)
        {
            bool[] candidate = new bool[rings.Count];
            Vec3 sum = default;
            for (int r = 0; r < candidate.Length; r++)
            {
                candidate[r] = random.Uniform() < 0.5;
                sum += rings[r].Dipole * (candidate[r] ? -1 : 1);
            }

            for (bool hasChanged = true; hasChanged;)
            {
                hasChanged = false;
                for (int r = 0; r < candidate.Length; r++)
                {
                    Vec3 after = sum + rings[r].Dipole * (candidate[r] ? 2 : -2);
                    if (after.Length >= sum.Length - Rounding)
                        continue;
                    (sum, candidate[r], hasChanged) = (after, !candidate[r], true);
                }
            }

            if (sum.Length < best)
                (best, turned) = (sum.Length, candidate);
        }

        return turned;
    }

    private readonly record struct Ring((int Bond, bool IsForward)[] Steps, Vec3 Dipole);
}
