using Denoise.Atoms;
using Denoise.Cli.Training;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.Cli.Tests;

public sealed class TrainProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("denoise").FullName;

    private TrainOptions Options => new()
    {
        Settings = new() { Steps = 3, CellAtoms = 20, BatchCells = 1, Hidden = "4x0e+4x1o", Cutoff = 3.2, LayerCount = 1 },
        Files = new(Path.Combine(_folder, "model.pt")),
        Prototypes = ["fcc"],
        Volume = 9.9,
        ValidationInterval = 10,
        Threads = 1,
    };

    [Fact]
    public void A_model_is_trained_and_not_replaced()
    {
        Assert.Equal(ExitCode.Success, TrainProgram.Run(Options));
        byte[] model = File.ReadAllBytes(Options.Files.Model);
        Assert.Contains("exists already", Refused(Options), StringComparison.Ordinal);
        Assert.Contains("no training to resume", Refused(Options with { Resume = true }), StringComparison.Ordinal);
        Assert.Equal(model, File.ReadAllBytes(Options.Files.Model));
    }

    [Fact]
    public void Bad_input_is_told_before_anything_is_written()
    {
        Assert.Contains("nothing to learn from", Refused(Options with { Prototypes = [] }), StringComparison.Ordinal);
        Assert.Contains("fcc, bcc, hcp", Refused(Options with { Prototypes = ["fcc", "bbc"] }), StringComparison.Ordinal);
        Assert.Contains("--cutoff", Refused(Options with { Volume = 50 }), StringComparison.Ordinal);
        string salt = Write("salt.vasp", "salt\n1\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        Assert.Contains("train them apart", Refused(Options with { Structures = [salt] }), StringComparison.Ordinal);
        Assert.Contains("train them apart", Refused(Options with { Prototypes = ["fcc", "alpha-quartz"] }), StringComparison.Ordinal);
        Assert.Contains("no-such-file", Refused(Options with { Structures = ["no-such-file"] }), StringComparison.Ordinal);
        Assert.False(File.Exists(Options.Files.Model));
    }

    [Fact]
    public void Files_of_several_species_set_the_species_in_the_order_of_their_atomic_numbers()
    {
        string salt = Write("salt.vasp", "salt\n1\n4 0 0\n0 4 0\n0 0 4\nCl Na\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        TrainOptions options = Options with
        {
            Prototypes = [],
            Structures = [salt],
            Settings = Options.Settings with { Cutoff = 4.5 },
        };
        Assert.Equal(ExitCode.Success, TrainProgram.Run(options));
        Assert.Equal(["Na", "Cl"], Checkpoint.Load(options.Files.Model).Config.Species);
    }

    [Fact]
    public void Compounds_by_name_set_the_species_and_keep_their_lengths()
    {
        string other = Write("other.vasp", "other\n1\n3 0 0\n0 3 0\n0 0 3\nSi O\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        TrainOptions options = Options with { Prototypes = ["beta-cristobalite"], Structures = [other] };
        Assert.Equal(ExitCode.Success, TrainProgram.Run(options));
        NequipConfig config = Checkpoint.Load(options.Files.Model).Config;
        Assert.Equal(["O", "Si"], config.Species);
        Assert.Equal(0, config.ScaleLength);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Refused(TrainOptions options) =>
        Assert.Throws<InputException>(() => TrainProgram.Run(options)).Message;

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
