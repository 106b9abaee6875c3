using Denoise.Parallel.Decomposition;

namespace Denoise.Parallel.RankProgram;

/// <summary>The decomposition of a random frame against all pairs: nothing is lost, doubled or out of reach.</summary>
public static unsafe class DecompositionChecks
{
    public static void Run(IMessagePassing communicator, int seed)
    {
        TestFrame frame = new(seed);
        using DomainDecomposition domains = new(communicator);
        fixed (double* positions = frame.Positions)
        fixed (int* types = frame.Types)
        fixed (long* ids = frame.Ids)
            // Twice: buffers and lists of a frame must not leak into the next. Only rank 0 has data to give.
            for (int pass = 0; pass < 2; pass++)
            {
                bool root = communicator.Rank == 0;
                if (root)
                    domains.Plan(frame.Box, positions, frame.Count);
                domains.Scatter(root ? positions : null, root ? types : null, root ? ids : null);
                domains.BuildGhosts(pass == 0 ? 1 : frame.Range);
            }

        EveryAtomHasOneOwner(communicator, domains, frame, seed);
        EveryNeighborIsThere(domains, frame, seed);
        HaloFillsGhosts(domains, seed);
        GatherKeepsTheOrder(communicator, domains, frame, seed);
    }

    private static void EveryAtomHasOneOwner(IMessagePassing communicator, DomainDecomposition domains, TestFrame frame, int seed)
    {
        long[] owners = new long[frame.Count];
        for (int i = 0; i < domains.LocalCount; i++)
            owners[Array.IndexOf(frame.Ids, domains.Ids[i])]++;
        communicator.AllReduceSum(owners);
        Assert.True(owners.All(count => count == 1), $"seed {seed}: an atom has no or two owners");
    }

    private static void EveryNeighborIsThere(DomainDecomposition domains, TestFrame frame, int seed)
    {
        int count = domains.LocalCount + domains.GhostCount;
        for (int i = 0; i < domains.LocalCount; i++)
        {
            List<(long Id, double Distance)> found = [];
            for (int j = 0; j < count; j++)
            {
                double distance = Distance(domains, i, j);
                if (j != i && distance < frame.Range)
                    found.Add((domains.Ids[j], distance));
            }

            found.Sort();
            int atom = Array.IndexOf(frame.Ids, domains.Ids[i]);
            Assert.True(frame.Types[atom] == domains.Types[i], $"seed {seed}: type of atom {atom}");
            List<(long Id, double Distance)> expected = frame.Neighbors(atom);
            Assert.True(expected.Count == found.Count, $"seed {seed}: atom {atom} has {found.Count} neighbors, not {expected.Count}");
            for (int k = 0; k < expected.Count; k++)
            {
                Assert.True(expected[k].Id == found[k].Id, $"seed {seed}: atom {atom}, neighbor {k}");
                Assert.True(Math.Abs(expected[k].Distance - found[k].Distance) < 1e-10, $"seed {seed}: atom {atom}, distance {k}");
            }
        }
    }

    private static void HaloFillsGhosts(DomainDecomposition domains, int seed)
    {
        int count = domains.LocalCount + domains.GhostCount;
        foreach (int width in (int[])[1, 3, 17])
        {
            double[] doubles = new double[count * width];
            float[] floats = new float[count * width];
            for (int i = 0; i < domains.LocalCount * width; i++)
                (doubles[i], floats[i]) = (Value(domains, i, width), (float)Value(domains, i, width));
            fixed (double* rows = doubles)
                domains.Halo.Forward(rows, width);
            fixed (float* rows = floats)
                domains.Halo.Forward(rows, width);
            for (int i = 0; i < count * width; i++)
                Assert.True(
                    doubles[i] == Value(domains, i, width) && floats[i] == (float)Value(domains, i, width),
                    $"seed {seed}: row {i / width} of {domains.LocalCount} + {domains.GhostCount}, width {width}");
        }

        static double Value(DomainDecomposition domains, int i, int width) => domains.Ids[i / width] % 100_003 + 0.25 * (i % width);
    }

    private static void GatherKeepsTheOrder(IMessagePassing communicator, DomainDecomposition domains, TestFrame frame, int seed)
    {
        long[] ids = new long[frame.Count];
        fixed (long* all = ids)
            domains.Gather(domains.Ids.Pointer, 1, all);
        double[] positions = new double[3 * frame.Count];
        fixed (double* all = positions)
            domains.Gather(domains.Positions.Pointer, 3, all);
        if (communicator.Rank > 0)
            return;

        Assert.True(ids.AsSpan().SequenceEqual(frame.Ids), $"seed {seed}: order of ids");
        for (int i = 0; i < frame.Count; i++)
        {
            var cells = frame.Box.ToFractional(new(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]))
                - frame.Box.ToFractional(frame.Position(i));
            for (int axis = 0; axis < 3; axis++)
            {
                double whole = frame.Box.IsPeriodic(axis) ? Math.Round(cells[axis]) : 0;
                Assert.True(Math.Abs(cells[axis] - whole) < 1e-10, $"seed {seed}: atom {i} moved by {cells} cells");
            }
        }
    }

    private static double Distance(DomainDecomposition domains, int i, int j)
    {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            double d = domains.Positions[3L * j + axis] - domains.Positions[3L * i + axis];
            sum += d * d;
        }

        return Math.Sqrt(sum);
    }
}
