using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Neighbors;
using Denoise.Neighbors.Reference;
using Denoise.Parallel;

namespace Denoise.Networks.Tests.Support;

/// <summary>What an engine is called with, built from all pairs: particles with their images as ghosts, species, list, halo.</summary>
public sealed unsafe class TestGraph : IDisposable
{
    private readonly NativeBuffer<double> _positions = new();
    private readonly NativeBuffer<int> _species = new();
    private readonly GhostShell? _shell;

    /// <param name="system">atoms</param>
    /// <param name="cutoff">Å; the list holds every pair below it</param>
    public TestGraph(AtomicSystem system, double cutoff)
    {
        _shell = BuildShell(system, cutoff);
        int[] species = [.. system.Species, .. Enumerable.Range(0, _shell.GhostCount).Select(g => system.Species[_shell.Owners[g]])];
        Particles = Copy(_shell.Positions.Span, species, system.Count);
        Fill(Neighbors, Particles, cutoff);
        Halo = new ShellHalo(_shell);
    }

    /// <param name="positions">of owned atoms, then of ghosts</param>
    /// <param name="species">likewise</param>
    /// <param name="ownedCount">how many are owned</param>
    /// <param name="cutoff">Å; the list holds every pair below it</param>
    /// <param name="halo">how ghosts get their rows</param>
    public TestGraph(Vec3[] positions, int[] species, int ownedCount, double cutoff, IHalo halo)
    {
        Particles = Copy(Flatten(positions), species, ownedCount);
        Fill(Neighbors, Particles, cutoff);
        Halo = halo;
    }

    public ParticleView Particles { get; }

    public int* Species => _species.Pointer;

    public NeighborList Neighbors { get; } = new();

    public IHalo Halo { get; }

    /// <summary>The images that the ghosts are, where the graph was built from a periodic system.</summary>
    public GhostShell Shell => _shell ?? throw new InvalidOperationException("the ghosts of this graph were given");

    /// <summary>The atoms and all images within the cutoff of the box.</summary>
    public static GhostShell BuildShell(AtomicSystem system, double cutoff)
    {
        var shell = new GhostShell();
        double[] positions = Flatten(system.Positions);
        fixed (double* p = positions)
            shell.Build(p, system.Count, system.Box, cutoff);
        return shell;
    }

    private static double[] Flatten(Vec3[] positions) => [.. positions.SelectMany(r => new[] { r.X, r.Y, r.Z })];

    private ParticleView Copy(ReadOnlySpan<double> positions, int[] species, int ownedCount)
    {
        _positions.Resize(positions.Length);
        positions.CopyTo(_positions.Span);
        _species.Resize(species.Length);
        species.CopyTo(_species.Span);
        return new(_positions.Pointer, ownedCount, species.Length - ownedCount);
    }

    /// <summary>Every pair below the cutoff, found by comparing all.</summary>
    private static void Fill(NeighborList list, ParticleView particles, double cutoff)
    {
        list.Begin(cutoff);
        for (int i = 0; i < particles.LocalCount; i++)
            list.Add([.. ReferenceNeighbors.Within(particles, i, cutoff).Select(neighbor => neighbor.Index)]);
    }

    public void Dispose()
    {
        Neighbors.Dispose();
        _shell?.Dispose();
        _positions.Dispose();
        _species.Dispose();
    }
}
