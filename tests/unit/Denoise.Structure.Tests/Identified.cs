using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Reference;

namespace Denoise.Structure.Tests;

/// <summary>Runs identifiers on lattices.</summary>
internal static unsafe class Identified
{
    public static readonly Func<WorkerPool, IStructureIdentifier> Adaptive = pool => new AdaptiveCommonNeighborAnalysis(pool);

    public static int[] Types(Lattice lattice, double range = 7, int threads = 1, Func<WorkerPool, IStructureIdentifier>? method = null)
    {
        using GhostShell shell = Shell(lattice, range);
        using var pool = new WorkerPool(threads);
        using IStructureIdentifier identifier = (method ?? Adaptive)(pool);
        return Types(identifier, shell.View, range);
    }

    public static int[] Types(IStructureIdentifier identifier, ParticleView view, double range)
    {
        int[] types = new int[view.LocalCount];
        Array.Fill(types, -1);
        fixed (int* t = types)
            identifier.Identify(view, range, t);
        return types;
    }

    public static int[] ReferenceTypes(Lattice lattice, double range = 7)
    {
        using GhostShell shell = Shell(lattice, range);
        return ReferenceTypes(shell.View, range);
    }

    public static int[] ReferenceTypes(ParticleView view, double range) =>
        [.. Enumerable.Range(0, view.LocalCount).Select(i => (int)ReferenceCommonNeighbors.Adaptive(view, i, range))];

    public static GhostShell Shell(Lattice lattice, double range)
    {
        double[] positions = [.. lattice.Positions.SelectMany(r => (double[])[r.X, r.Y, r.Z])];
        var shell = new GhostShell();
        fixed (double* r = positions)
            shell.Build(r, lattice.Positions.Length, lattice.Box, range);
        return shell;
    }

    public static void AssertEqual(int[] expected, int[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(expected[i] == actual[i], $"{what}: atom {i} is {(StructureType)actual[i]}, not {(StructureType)expected[i]}");
    }
}
