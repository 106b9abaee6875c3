using System.CommandLine;
using System.CommandLine.Parsing;
using Denoise.Cli.Training;
using Denoise.Training.Runs;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise train --prototypes fcc,bcc,hcp -o metals.pt</c></summary>
internal static class TrainCommand
{
    private const string Description = """
        Trains a score network on ideal crystals that are strained and shaken anew for every sample, and writes it as a model for
        'denoise apply'. Beside NAME.pt it writes NAME.log.csv (loss along the run) and NAME.validation.csv (rms error before and
        after denoising, per structure and noise level).

        What is saved every half minute is enough to go on after Ctrl-C or a crash: repeat the command with --resume. The same
        options give the same weights, bit for bit, on any number of threads.
        """;

    private const string Examples = """
        Examples:
          denoise train --prototypes fcc,bcc,hcp -o metals.pt
          denoise train --prototypes fcc,bcc,hcp -o metals.pt --resume
          denoise train --prototypes fcc,bcc,hcp -o metals.pt --layers 2 --missing 0.03 --relaxed 0.8 --molten 0.06
          denoise train --prototypes alpha-quartz,beta-quartz,alpha-cristobalite,beta-cristobalite -o silica.pt
          denoise train --prototypes fcc,bcc,hcp,omega -o phases.pt --classes --molten 0.3
          denoise train --maps fcc='Al-*.dump' bcc='Fe-*.dump' none=melt.dump -o maps.pt
          denoise train --structures perovskite.cif --missing 0.02 -o perovskite.pt
        """;

    private static readonly TrainingSettings Defaults = new();

    private static readonly Perturbation Disturbed = new();

    public static Command Create()
    {
        Option<string> output = new("--output", "-o")
        {
            HelpName = "NAME.pt",
            Description = "The model to write.",
            Required = true,
        };
        Option<string[]> prototypes = new("--prototypes")
        {
            HelpName = "P1,P2,...",
            CustomParser = OptionParsers.Names,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> structures = new("--structures")
        {
            HelpName = "FILE ...",
            Description = "Ideal crystals in files of any format that 'denoise apply' reads, also of several species.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> maps = new("--maps")
        {
            HelpName = "CLASS=FILE ...",
            Description = "Instead of a denoiser a Neighbors Map: images of the neighborhoods in frames whose structures are known, CLASS, " +
                "or without it by the column structure_type, and a small network that names them (for --method map:FILE). FILE may be a " +
                "pattern.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> epochs = Whole("--epochs", "N", "With --maps: passes over all images.", MapTrainOptions.DefaultEpochs);
        Option<int> perFrame = Whole("--per-frame", "N", "With --maps: atoms of a frame that are learned from, drawn at random.",
            MapTrainOptions.DefaultPerFrame);
        Option<string[]> speciesWeights = new("--species-weights")
        {
            HelpName = "W1,W2,...",
            Description = "With --maps: a second channel, in which an atom of type t weighs Wt, so that species are told apart.",
            CustomParser = OptionParsers.Names,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<double> volume = Number("--volume", "V", "Volume per atom of elements in Å^3; compounds have their published one.",
            TrainOptions.DefaultVolume);
        Option<double> spacing = Create("--spacing", "D", "Mean distance of an atom of an element to the 13 nearest in Å, which " +
            "'scale auto' measures, instead of --volume; for structures that are open and dense.", 0, OptionParsers.PositiveNumber);
        Option<double> bond = Create("--bond", "D", "Mean distance of an atom of a compound to the two nearest in Å, which 'scale auto' " +
            "measures; without it the lengths of compounds are taken as they are.", 0, OptionParsers.PositiveNumber);
        Option<int> stacks = Create("--stacks", "N", "Random stacks of close-packed layers, named layer by layer, beside the prototypes.", 0,
            OptionParsers.PositiveInteger);
        Option<string[]> decoys = new("--decoys")
        {
            HelpName = "P1,P2,...",
            Description = "Crystals by name that a network which names shall call none.",
            CustomParser = OptionParsers.Names,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> roles = new("--roles")
        {
            Description = "Tell the sublattices of compounds apart, whatever their elements: species are roles, drawn anew for every " +
                "sample; elements become solid solutions. Without it compounds are learned by geometry alone.",
        };
        Option<string> start = new("--start")
        {
            HelpName = "MODEL.pt",
            Description = "Start from the weights of a model with the same layers instead of random ones.",
        };
        Option<string> hidden = new("--hidden")
        {
            HelpName = "IRREPS",
            Description = "Node features behind each layer, degrees up to 3; with '/' between them layer by layer, the last for the rest " +
                $"[default: {Defaults.Hidden}].",
        };
        Option<int> layers = Whole("--layers", "L", "Interaction layers.", Defaults.LayerCount);
        Option<double> cutoff = Number("--cutoff", "RC", "Cutoff of the graph in Å.", Defaults.Cutoff);
        Option<int> bessel = Whole("--bessel", "N", "Bessel functions of the distance.", Defaults.BesselCount);
        Option<int> radial = Whole("--radial", "N", "Hidden units of the radial networks.", Defaults.RadialUnits);
        Option<int> steps = Whole("--steps", "S", "Updates of the weights.", Defaults.Steps);
        Option<int> batch = Whole("--batch", "N", "Cells per update.", Defaults.BatchCells);
        Option<int> atoms = Whole("--atoms", "N", "Atoms per cell, at least.", Defaults.CellAtoms);
        Option<double> rate = Number("--learning-rate", "R", "Largest learning rate; warm-up, then a cosine.", Defaults.LearningRate);
        Option<int> warmUp = Whole("--warm-up", "S", "Steps up to the largest learning rate.", Defaults.WarmUp);
        Option<double> clip = Number("--clip", "G", "Largest norm of the gradient.", Defaults.ClipNorm);
        Option<double> noise = Create(
            "--noise", "F", "Largest noise, in shortest distances.", Disturbed.Noise, OptionParsers.Noise);
        Option<double> noiseExponent = Number("--noise-exponent", "P",
            "A sample's noise is the largest times u^P, u uniform: 2 or 3 where a network is to name.", Disturbed.NoiseExponent);
        Option<double> volumeStrain = Part("--volume-strain", "Largest relative change of the volume.", Disturbed.VolumeStrain);
        Option<double> shearStrain = Part("--shear-strain", "Largest shear.", Disturbed.ShearStrain);
        Option<double> rigid = Number(
            "--rigid", "D", "Largest noise of whole molecules, which turn by as much, of ices; in Å.", Disturbed.Rigid);
        Option<double> missing = Part("--missing", "Largest part of the atoms that are taken out.", Disturbed.Missing);
        Option<double> relaxed = Part("--relaxed", "Part of the samples whose noise neighbors' repulsion relaxes.", Disturbed.Relaxed);
        Option<double> molten = Part("--molten", "Part of the samples that are molten, wholly or beside their crystal.", Disturbed.Molten);
        Option<double> unlike = Part("--unlike",
            "Part of the samples that are of no structure: random crystals, molecules, packings, odd liquids.", Disturbed.Unlike);
        Option<double> open = Part("--open", "Part of the samples with a surface or a void.", Disturbed.Open);
        Option<double> iterated = Part(
            "--iterated", "Part of the samples that go on from what was just predicted for them.", Disturbed.Iterated);
        Option<bool> classes = new("--classes")
        {
            Description = "Teach the network to name, too: a class per structure, and 'none' for atoms of melts (--molten).",
        };
        Option<double> classWeight = Number(
            "--class-weight", "W", "Of the classes' cross entropy beside the squared error, in Å^2; 0.002 of a conservative score if nothing is given.", Defaults.ClassWeight);
        Option<string> score = new("--score")
        {
            HelpName = "KIND",
            Description = "Where displacements come from: 'displacement', a head of their own, or 'conservative', the gradient of the " +
                "classes' log-density, which takes twice as long [default: displacement].",
        };
        score.AcceptOnlyFromAmong("displacement", "conservative");
        Option<double> scoreScale = Number(
            "--score-scale", "S", "Of the conservative score, in Å: the log-density falls by 1/2 at that distance.", TrainOptions.DefaultScoreScale);
        Option<int> seed = Whole("--seed", "N", "Of all random numbers.", Defaults.Seed);
        Option<int> interval = Whole("--validate", "S", "Steps between validations.", TrainOptions.DefaultValidationInterval);
        Option<int> threads = SharedOptions.Threads();
        threads.Description = $"Threads [default: all processors]; {TrainingSettings.MostThreads} are the most that help.";
        Option<bool> resume = new("--resume") { Description = "Go on where the same command was interrupted." };
        Option<bool> force = new("--force") { Description = "Start anew, in the place of the files of an earlier training." };

        Command command = new("train", Description)
        {
            output, prototypes, structures, maps, epochs, perFrame, speciesWeights, volume, spacing, bond, stacks, decoys, roles, start,
            hidden, layers, cutoff, bessel, radial, steps,
            batch, atoms, rate, warmUp, clip,
            noise, noiseExponent, volumeStrain, shearStrain, rigid, missing, relaxed, molten, unlike, open, iterated, classes, classWeight,
            score, scoreScale, seed, interval, threads, resume, force,
        };
        bool IsConservative(ParseResult parsed) => parsed.GetValue(score) == "conservative";
        HelpWithExamples.Set(command, Examples, () =>
            prototypes.Description = $"Crystals by name: {string.Join(", ", PrototypeLibrary.All.Select(known => known.Name))}.");
        MapTrainOptions? OfMaps(ParseResult parsed) => parsed.GetValue(maps) is not { Length: > 0 } given ? null : new()
        {
            Maps = given,
            Output = parsed.GetRequiredValue(output),
            SpeciesWeights = [.. (parsed.GetValue(speciesWeights) ?? []).Select(OptionParsers.SpeciesWeight)],
            Epochs = parsed.GetValue(epochs),
            PerFrame = parsed.GetValue(perFrame),
            Batch = parsed.GetResult(batch)?.Implicit ?? true ? MapTrainOptions.DefaultBatch : parsed.GetValue(batch),
            Rate = parsed.GetResult(rate)?.Implicit ?? true ? MapTrainOptions.DefaultRate : parsed.GetValue(rate),
            Seed = parsed.GetValue(seed),
            Threads = parsed.GetResult(threads) is null ? null : parsed.GetValue(threads),
            Force = parsed.GetValue(force),
        };
        command.SetAction(parsed => OfMaps(parsed) is { } mapOptions ? MapTrainProgram.Run(mapOptions) : TrainProgram.Run(new TrainOptions
        {
            Files = new(parsed.GetRequiredValue(output)),
            Prototypes = parsed.GetValue(prototypes) ?? [],
            Structures = parsed.GetValue(structures) ?? [],
            Volume = parsed.GetValue(volume),
            Spacing = parsed.GetValue(spacing),
            Stacks = parsed.GetValue(stacks),
            Decoys = parsed.GetValue(decoys) ?? [],
            Start = parsed.GetValue(start) ?? "",
            Threads = parsed.GetResult(threads) is null ? null : parsed.GetValue(threads),
            Resume = parsed.GetValue(resume),
            Force = parsed.GetValue(force),
            ValidationInterval = parsed.GetValue(interval),
            Settings = new()
            {
                Hidden = parsed.GetValue(hidden) ?? Defaults.Hidden,
                LayerCount = parsed.GetValue(layers),
                Cutoff = parsed.GetValue(cutoff),
                BesselCount = parsed.GetValue(bessel),
                RadialUnits = parsed.GetValue(radial),
                Steps = parsed.GetValue(steps),
                BatchCells = parsed.GetValue(batch),
                CellAtoms = parsed.GetValue(atoms),
                LearningRate = parsed.GetValue(rate),
                WarmUp = parsed.GetValue(warmUp),
                ClipNorm = parsed.GetValue(clip),
                Bond = parsed.GetValue(bond),
                HasClasses = parsed.GetValue(classes),
                HasRoles = parsed.GetValue(roles),
                ClassWeight = IsConservative(parsed) && (parsed.GetResult(classWeight)?.Implicit ?? true)
                    ? TrainOptions.ConservativeClassWeight
                    : parsed.GetValue(classWeight),
                ScoreScale = IsConservative(parsed) ? parsed.GetValue(scoreScale) : 0,
                Seed = parsed.GetValue(seed),
                Perturbation = new()
                {
                    Noise = parsed.GetValue(noise),
                    NoiseExponent = parsed.GetValue(noiseExponent),
                    VolumeStrain = parsed.GetValue(volumeStrain),
                    ShearStrain = parsed.GetValue(shearStrain),
                    Rigid = parsed.GetValue(rigid),
                    Missing = parsed.GetValue(missing),
                    Relaxed = parsed.GetValue(relaxed),
                    Molten = parsed.GetValue(molten),
                    Unlike = parsed.GetValue(unlike),
                    Open = parsed.GetValue(open),
                    Iterated = parsed.GetValue(iterated),
                },
            },
        }));
        return command;
    }

    private static Option<int> Whole(string name, string helpName, string description, int byDefault) =>
        Create(name, helpName, description, byDefault, OptionParsers.PositiveInteger);

    private static Option<double> Number(string name, string helpName, string description, double byDefault) =>
        Create(name, helpName, description, byDefault, OptionParsers.PositiveNumber);

    private static Option<double> Part(string name, string description, double byDefault) =>
        Create(name, "F", description, byDefault, OptionParsers.Fraction);

    private static Option<T> Create<T>(string name, string helpName, string description, T byDefault, Func<ArgumentResult, T> parser) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            // The parser is asked for the default too, with no word to parse.
            CustomParser = result => result.Tokens.Count == 0 ? byDefault : parser(result),
            DefaultValueFactory = _ => byDefault,
        };
}
