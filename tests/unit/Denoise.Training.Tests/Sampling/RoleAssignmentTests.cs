using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Sampling;

public sealed class RoleAssignmentTests : IDisposable
{
    private const int Roles = 3;

    private readonly SampleGenerator _generator = new();
    private readonly TrainingCell _cell = new();

    public void Dispose()
    {
        _generator.Dispose();
        _cell.Dispose();
    }

    [Fact]
    public void A_sublattice_is_of_one_species_and_of_any()
    {
        HashSet<(int, int)> seen = [];
        for (int k = 0; k < 60; k++)
        {
            IdealStructure structure = Draw("L1_2", k);
            int[] species = [.. Enumerable.Range(0, structure.Count).GroupBy(i => structure.Species[i])
                .Select(group => Assert.Single(group.Select(i => _cell.Species[i]).Distinct()))];
            Assert.NotEqual(species[0], species[1]);
            seen.Add((species[0], species[1]));
        }

        Assert.Equal(Roles * (Roles - 1), seen.Count);
    }

    [Fact]
    public void An_element_becomes_a_solid_solution_of_any_composition()
    {
        HashSet<int> kinds = [];
        List<double> parts = [];
        for (int k = 0; k < 60; k++)
        {
            IdealStructure structure = Draw("fcc", k);
            int[] species = [.. _cell.Species.Span];
            kinds.Add(species.Distinct().Count());
            parts.Add((double)species.Count(s => s == 1) / structure.Count);
        }

        Assert.Equal([1, 2, 3], kinds.Order());
        Assert.InRange(parts.Average(), 0.2, 0.46);
    }

    private IdealStructure Draw(string name, int index)
    {
        var structure = IdealStructure.Of(PrototypeLibrary.Get(name), volumePerAtom: 9.9, atoms: 60, byRole: true);
        structure.Measure(3.4);
        var random = new RandomStream(2, 0, index);
        _generator.Draw(structure, new() { Roles = Roles }, ref random, _cell);
        return structure;
    }
}
