using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Training;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;

namespace Denoise.Cli.Tests;

public sealed class TrainProgramTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    private TrainOptions Options => new()
    {
        Settings = new() { Steps = 3, CellAtoms = 20, BatchCells = 1, Hidden = "4x0e+4x1o", Cutoff = 3.2, LayerCount = 1 },
        Files = new(_scratch["model.pt"]),
        Prototypes = ["fcc"],
        Threads = 1,
    };

    [Fact]
    public void A_model_is_trained_and_not_replaced()
    {
        Assert.Equal(ExitCode.Success, TrainProgram.Run(Options));
        byte[] model = File.ReadAllBytes(Options.Files.Model);
        Assert.Contains("exists already", Refused(Options), StringComparison.Ordinal);
        Assert.Contains("model.pt is complete", Refused(Options with { Resume = true }), StringComparison.Ordinal);
        Assert.Equal(model, File.ReadAllBytes(Options.Files.Model));
    }

    [Fact]
    public void Tables_and_models_of_others_are_replaced_by_force_only()
    {
        foreach (string file in Options.Files.All)
        {
            File.WriteAllText(file, "mine");
            Assert.Contains($"{file}: exists already", Refused(Options), StringComparison.Ordinal);
            Assert.Equal("mine", File.ReadAllText(file));
            File.Delete(file);
        }

        File.WriteAllText(Options.Files.Log, "mine");
        Assert.Equal(ExitCode.Success, TrainProgram.Run(Options with { Force = true }));
        Assert.StartsWith("step,", File.ReadAllText(Options.Files.Log), StringComparison.Ordinal);
        Assert.Contains("give one", Refused(Options with { Force = true, Resume = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_structure_is_not_replaced_by_force_either()
    {
        TrainOptions options = Options with { Structures = [_scratch["model.pt"]], Force = true };
        File.WriteAllText(options.Files.Model, "a crystal");
        Assert.Contains("model.pt: is the input", Refused(options), StringComparison.Ordinal);
        File.Move(options.Files.Model, _scratch["crystal.vasp"]);
        File.CreateSymbolicLink(options.Files.Log, _scratch["crystal.vasp"]);
        Assert.Contains("model.log.csv: is the same file as the input",
            Refused(options with { Structures = [_scratch["crystal.vasp"]] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_holds_the_command_that_makes_it()
    {
        TrainProgram.Run(Options);
        Checkpoint model = Checkpoint.Load(Options.Files.Model);
        Assert.Equal("denoise train --prototypes fcc --hidden 4x0e+4x1o --layers 1 --cutoff 3.2 --steps 3 --batch 1 --atoms 20",
            model.Metadata["training command"]);
        Assert.Matches("^denoise [0-9.]+$", model.Metadata["training program"]);
        // Whatever is an option by name must be one in fact, and no other default may hide behind it.
        string[] words = model.Metadata["training command"].Split(' ');
        Assert.Empty(DenoiseCommand.Parse([.. words[1..], "-o", "other.pt"]).Errors);
    }

    [Fact]
    public void A_conservative_score_is_trained_and_said_in_the_command()
    {
        TrainOptions options = Options with { Settings = Options.Settings with { HasClasses = true, ScoreScale = 0.2 } };
        Assert.Equal(ExitCode.Success, TrainProgram.Run(options));
        Checkpoint model = Checkpoint.Load(options.Files.Model);
        Assert.True(model.CreateModel().IsConservative);
        Assert.Equal(0.2, model.Config.ScoreScale);
        string command = model.Metadata["training command"];
        Assert.Contains("--score conservative --score-scale 0.2", command, StringComparison.Ordinal);
        Assert.Empty(DenoiseCommand.Parse([.. command.Split(' ')[1..], "-o", "other.pt"]).Errors);
        TrainOptions nameless = options with { Settings = options.Settings with { HasClasses = false }, Files = new(_scratch["other.pt"]) };
        Assert.Contains("add --classes", Refused(nameless), StringComparison.Ordinal);
        Assert.False(File.Exists(nameless.Files.Model));
    }

    [Fact]
    public void An_interrupted_training_is_not_lost_to_a_new_one()
    {
        File.WriteAllText(Options.Files.State, "");
        Assert.Contains("give --resume", Refused(Options), StringComparison.Ordinal);
        Assert.Equal(["model.pt.resume"], _scratch.Files);
        Assert.Contains("model.pt.resume", Refused(Options with { Resume = true }), StringComparison.Ordinal);
        File.Delete(Options.Files.State);
        Assert.Contains("leave out --resume", Refused(Options with { Resume = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_told_before_anything_is_written()
    {
        Assert.Contains("nothing to learn from", Refused(Options with { Prototypes = [] }), StringComparison.Ordinal);
        Assert.Contains("fcc, bcc, hcp", Refused(Options with { Prototypes = ["fcc", "bbc"] }), StringComparison.Ordinal);
        Assert.Contains("--cutoff", Refused(Options with { Volume = 50 }), StringComparison.Ordinal);
        string salt = _scratch.Write("salt.vasp", "salt\n1\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        Assert.Contains("train them apart", Refused(Options with { Structures = [salt] }), StringComparison.Ordinal);
        Assert.Contains("train them apart", Refused(Options with { Prototypes = ["fcc", "alpha-quartz"] }), StringComparison.Ordinal);
        Assert.Contains("no-such-file", Refused(Options with { Structures = ["no-such-file"] }), StringComparison.Ordinal);
        TrainOptions large = Options with { Settings = Options.Settings with { CellAtoms = 2_000_000_000, BatchCells = 8 } };
        Assert.Contains("lower --batch or --atoms", Refused(large), StringComparison.Ordinal);
        Assert.False(File.Exists(Options.Files.Model));
    }

    [Fact]
    public void Files_of_several_species_set_the_species_in_the_order_of_their_atomic_numbers()
    {
        string salt = _scratch.Write("salt.vasp", "salt\n1\n4 0 0\n0 4 0\n0 0 4\nCl Na\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
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
        string other = _scratch.Write("other.vasp", "other\n1\n3 0 0\n0 3 0\n0 0 3\nSi O\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n");
        TrainOptions options = Options with { Prototypes = ["beta-cristobalite"], Structures = [other] };
        Assert.Equal(ExitCode.Success, TrainProgram.Run(options));
        NequipConfig config = Checkpoint.Load(options.Files.Model).Config;
        Assert.Equal(["O", "Si"], config.Species);
        Assert.Equal(0, config.ScaleLength);
    }

    public void Dispose() => _scratch.Dispose();

    private static string Refused(TrainOptions options) =>
        Assert.Throws<InputException>(() => TrainProgram.Run(options)).Message;
}
