using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Networks.Engines;
using Denoise.Parallel;

namespace Denoise.Networks.Tests.Support;

/// <summary>
/// Evaluates a periodic system as several ranks would: each owns some atoms, sees those within one cutoff as ghosts, and runs
/// its own engine on its own thread; the halo carries rows between them.
/// </summary>
internal static unsafe class DomainRunner
{
    /// <param name="system">periodic atoms</param>
    /// <param name="owner">[atoms] domain of every atom</param>
    /// <param name="domains">number of domains; one may own nothing</param>
    /// <param name="create">an engine per domain</param>
    /// <param name="evaluate">engine and graph to [owned atoms, heads]</param>
    /// <returns>[atoms, heads] in the order of the system</returns>
    public static double[] Evaluate(AtomicSystem system, int[] owner, int domains, Func<IEngine> create,
        Func<IEngine, TestGraph, double[]> evaluate)
    {
        var shared = new SharedRows(domains, system.Count);
        double[][] rows = new double[system.Count][];
        var failures = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, domains).Select(domain => new Thread(() =>
        {
            try
            {
                using IEngine engine = create();
                int[] owned = [.. Enumerable.Range(0, system.Count).Where(i => owner[i] == domain)];
                double[] output = Run(system, owned, Ghosts(system, owner, domain, engine.Model.Cutoff), engine, shared, evaluate);
                foreach ((int atom, double[] row) in owned.Zip(output.Chunk(engine.Heads.Sum(head => head.Dimension))))
                    rows[atom] = row;
            }
            catch (Exception failure)
            {
                lock (failures)
                    failures.Add(failure);
                shared.Leave();
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        if (failures.Count > 0)
            throw new AggregateException(failures);
        return [.. rows.SelectMany(row => row)];
    }

    private static double[] Run(AtomicSystem system, int[] owned, List<(int Atom, Vec3 Position)> ghosts, IEngine engine,
        SharedRows shared, Func<IEngine, TestGraph, double[]> evaluate)
    {
        int[] atoms = [.. owned, .. ghosts.Select(ghost => ghost.Atom)];
        Vec3[] positions = [.. owned.Select(i => system.Positions[i]), .. ghosts.Select(ghost => ghost.Position)];
        int[] species = [.. atoms.Select(i => system.Species[i])];
        var halo = new DomainHalo(shared, atoms, owned.Length, engine.HaloWidth);
        using var graph = new TestGraph(positions, species, owned.Length, engine.Model.Cutoff, halo);
        return evaluate(engine, graph);
    }

    /// <summary>Images of any atom within the cutoff of an owned one, the owned atoms themselves excepted.</summary>
    private static List<(int Atom, Vec3 Position)> Ghosts(AtomicSystem system, int[] owner, int domain, double cutoff)
    {
        using GhostShell shell = TestGraph.BuildShell(system, cutoff);
        Vec3 At(int k) => new(shell.Positions[3 * k], shell.Positions[3 * k + 1], shell.Positions[3 * k + 2]);
        var ghosts = new List<(int, Vec3)>();
        for (int k = 0; k < shell.View.Count; k++)
        {
            int atom = k < system.Count ? k : shell.Owners[k - system.Count];
            bool isOwned = k < system.Count && owner[k] == domain;
            if (!isOwned && Enumerable.Range(0, system.Count).Any(i => owner[i] == domain && (At(i) - At(k)).Length < cutoff))
                ghosts.Add((atom, At(k)));
        }

        return ghosts;
    }

    /// <summary>Where domains leave the rows of their atoms for the others.</summary>
    private sealed class SharedRows(int domains, int atomCount)
    {
        private readonly Barrier _barrier = new(domains);

        public byte[][] Rows { get; } = new byte[atomCount][];

        public void Wait()
        {
            if (!_barrier.SignalAndWait(TimeSpan.FromMinutes(5)))
                throw new TimeoutException("another domain does not take part in the exchange");
        }

        public void Leave() => _barrier.RemoveParticipant();
    }

    private sealed class DomainHalo(SharedRows shared, int[] atoms, int ownedCount, int widestRow) : IHalo
    {
        public void Forward(float* rows, int width)
        {
            Assert.InRange(width, 1, widestRow);
            Exchange((byte*)rows, width * sizeof(float));
        }

        public void Forward(double* rows, int width)
        {
            Assert.InRange(2 * width, 1, widestRow);
            Exchange((byte*)rows, width * sizeof(double));
        }

        private void Exchange(byte* rows, int rowBytes)
        {
            for (int k = 0; k < ownedCount; k++)
                shared.Rows[atoms[k]] = new ReadOnlySpan<byte>(rows + (long)k * rowBytes, rowBytes).ToArray();
            shared.Wait();
            for (int k = ownedCount; k < atoms.Length; k++)
                shared.Rows[atoms[k]].CopyTo(new Span<byte>(rows + (long)k * rowBytes, rowBytes));
            shared.Wait();
        }
    }
}
