using Denoise.Atoms;
using Denoise.TestSupport;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Structures;

public class IdealStructureTests
{
    [Fact]
    public void A_file_is_repeated_with_species_together()
    {
        using Frame frame = RockSalt();
        var structure = IdealStructure.Of("salt", frame, ["Na", "Cl"], atoms: 60);
        Assert.Equal(64, structure.Count);
        Assert.Equal(32, structure.Species.Count(s => s == 1));
        Assert.Equal(structure.Species.Order(), structure.Species);
        structure.Measure(3);
        Assert.Equal(2.8, structure.ShortestDistance, Tolerance.Single);
        Assert.Equal(6, structure.MeanNeighbors);
    }

    [Fact]
    public void What_cannot_be_learned_from_is_refused()
    {
        using Frame salt = RockSalt(), open = RockSalt(), empty = new(), flat = RockSalt();
        open.Box = Box.Orthogonal(5.6, 5.6, 5.6, periodic: false);
        flat.Box = Box.Orthogonal(5.6, 5.6, 0);
        Assert.Contains("Cl", Refused(() => IdealStructure.Of("salt", salt, ["Na", "K"], 10)), StringComparison.Ordinal);
        Assert.Contains("not periodic", Refused(() => IdealStructure.Of("salt", open, [], 10)), StringComparison.Ordinal);
        Assert.Contains("no atoms", Refused(() => IdealStructure.Of("salt", empty, [], 10)), StringComparison.Ordinal);
        Assert.Contains("no volume", Refused(() => IdealStructure.Of("salt", flat, [], 10)), StringComparison.Ordinal);

        salt.Positions[0] = salt.Positions[3];
        salt.Positions[1] = salt.Positions[4];
        salt.Positions[2] = salt.Positions[5];
        var twice = IdealStructure.Of("salt", salt, [], 10);
        Assert.Contains("apart", Refused(() => twice.Measure(3)), StringComparison.Ordinal);
    }

    private static string Refused(Action action) => Assert.Throws<InputException>(action).Message;

    private static Frame RockSalt()
    {
        const double a = 5.6;
        var frame = new Frame { Box = Box.Orthogonal(a, a, a) };
        frame.Resize(8);
        frame.SetElement(1, "Na");
        frame.SetElement(2, "Cl");
        for (int i = 0; i < 8; i++)
        {
            int[] site = [i & 1, (i >> 1) & 1, i >> 2];
            for (int axis = 0; axis < 3; axis++)
                frame.Positions[3 * i + axis] = site[axis] * a / 2;
            frame.Ids[i] = i + 1;
            frame.Types[i] = 1 + site.Sum() % 2;
        }

        return frame;
    }
}
