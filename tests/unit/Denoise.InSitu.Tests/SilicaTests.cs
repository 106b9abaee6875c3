using Denoise.Atoms;
using Denoise.Networks.Checkpoints;

namespace Denoise.InSitu.Tests;

/// <summary>models/silica.pt on beta-cristobalite, a = 7.12 Å: the length of bonds is the scale, and silicon atoms have names.</summary>
public sealed class SilicaTests
{
    private const double Edge = 7.12;
    private const int Cells = 3;

    private static readonly string Model = Path.Combine(Path.GetDirectoryName(Metals.Path)!, "silica.pt");

    private static readonly Vec3[] Faces = [default, new(0, 0.5, 0.5), new(0.5, 0, 0.5), new(0.5, 0.5, 0)];

    [Theory]
    [InlineData(1)]
    [InlineData(1.03)]
    [InlineData(1.06)]
    public void Scale_auto_is_that_of_the_bonds_whatever_their_length(double stretch)
    {
        using Session session = new(Options);
        // Half of the distance between the silicon atoms, and two neighbors.
        double expected = Checkpoint.LoadModel(Model).Config.ScaleLength / (stretch * Edge * Math.Sqrt(3) / 8);
        Assert.Equal(expected, session.Process(Crystal(stretch, 0)).Scale, 1e-6 * expected);
        Assert.Equal(expected, session.Process(Crystal(stretch, 0.06)).Scale, 0.015 * expected);
    }

    [Fact]
    public void Silicon_atoms_have_the_name_of_their_crystal_and_oxygen_atoms_none()
    {
        using Session session = new(Options with { Classification = Classification.Automatic });
        FrameInput crystal = Crystal(1.04, 0.15);
        FrameResult result = session.Process(crystal);
        int beta = StructureTable.NumberOf("beta-cristobalite")!.Value;
        ReadOnlySpan<int> types = result.StructureTypes;
        for (int i = 0; i < types.Length; i++)
            Assert.Equal(crystal.Types[i] == 1 ? beta : 0, types[i]);
        // Not even "other": they are not counted.
        Assert.Equal(types.Length / 3, result.Counts.ToArray().Sum());
    }

    private static SessionOptions Options => new()
    {
        Model = Checkpoint.LoadModel(Model),
        // Type 1 is Si, the second species.
        Species = [1, 0],
        MaxIterations = 16,
        Classification = Classification.None,
    };

    private static FrameInput Crystal(double stretch, double noise)
    {
        Random random = new(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        List<double> positions = [];
        List<int> types = [];
        double a = stretch * Edge;
        void Add(Vec3 at, int type)
        {
            positions.AddRange([at.X * a + noise * Normal(), at.Y * a + noise * Normal(), at.Z * a + noise * Normal()]);
            types.Add(type);
        }

        for (int n = 0; n < Cells * Cells * Cells; n++)
            foreach (Vec3 face in Faces)
            {
                Vec3 at = face + new Vec3(n % Cells, n / Cells % Cells, n / Cells / Cells);
                Add(at, 1);
                Add(at + new Vec3(0.25, 0.25, 0.25), 1);
                // Between the atom and its four neighbors.
                foreach (Vec3 other in Faces)
                    Add(at + new Vec3(0.125, 0.125, 0.125) + (other.X == 0 && other.Y == 0 ? default : new Vec3(
                        other.X == 0 ? 0 : -0.25, other.Y == 0 ? 0 : -0.25, other.Z == 0 ? 0 : -0.25)), 2);
            }

        return new()
        {
            LocalCount = types.Count,
            Positions = positions.ToArray(),
            Types = types.ToArray(),
            Box = Box.Orthogonal(Cells * a, Cells * a, Cells * a),
        };
    }
}
