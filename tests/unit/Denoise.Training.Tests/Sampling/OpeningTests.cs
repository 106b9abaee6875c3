using Denoise.Atoms;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Sampling;

public sealed class OpeningTests : IDisposable
{
    private const int None = 5;

    private readonly IdealStructure _structure = IdealStructure.Of(PrototypeLibrary.Get("fcc"), volumePerAtom: 9.9, atoms: 500);
    private readonly SampleGenerator _generator = new();
    private readonly EdgeFinder _finder = new();
    private readonly TrainingCell _cell = new();

    public OpeningTests()
    {
        _structure.Measure(3.4);
        Array.Fill(_structure.Classes, 1);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _finder.Dispose();
        _cell.Dispose();
    }

    [Fact]
    public void Atoms_that_lose_a_fifth_of_their_neighbors_are_none_and_others_keep_their_name()
    {
        var perturbation = new Perturbation { Open = 1, Noise = 0, ShearStrain = 0, VolumeStrain = 0, NoClass = None };
        bool hasGap = false, hasVoid = false;
        for (int k = 0; k < 40; k++)
        {
            var random = new RandomStream(6, 0, k);
            _generator.Draw(_structure, perturbation, ref random, _cell);
            _finder.Find(_cell, 1.25 * _structure.Spacing);
            hasGap |= _cell.Box.Volume > 1.01 * _structure.Box.Volume;
            hasVoid |= _cell.Count < _structure.Count;
            for (int i = 0; i < _cell.Count; i++)
            {
                // Twelve neighbors in the crystal.
                int lost = 12 - (_cell.Starts[i + 1] - _cell.Starts[i]);
                Assert.Equal(lost >= 3 ? None : lost == 2 ? TrainingCell.Unlabelled : 1, _cell.Classes[i]);
            }
        }

        Assert.True(hasGap && hasVoid);
    }

    [Fact]
    public void Noise_does_not_move_atoms_to_the_other_side_of_the_gap()
    {
        var perturbation = new Perturbation { Open = 1, Noise = 0.1, ShearStrain = 0, VolumeStrain = 0, NoClass = None };
        for (int k = 0; k < 40; k++)
        {
            var random = new RandomStream(7, 0, k);
            _generator.Draw(_structure, perturbation, ref random, _cell);
            // Without the noise the sites are those of the crystal, which no atom has left for the gap.
            for (int i = 0; i < _cell.Count; i++)
            {
                Vec3 site = new(_cell.Positions[3 * i] - _cell.Targets[3 * i], _cell.Positions[3 * i + 1] - _cell.Targets[3 * i + 1],
                    _cell.Positions[3 * i + 2] - _cell.Targets[3 * i + 2]);
                Vec3 f = _structure.Box.ToFractional(site);
                for (int axis = 0; axis < 3; axis++)
                    Assert.InRange(f[axis], -1e-5, 1 - 1e-5);
            }
        }
    }
}
