using System.CommandLine;
using System.CommandLine.Parsing;
using Denoise.Atoms;
using Denoise.Cli.Training;
using Denoise.Training.Forces;
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

        With --task it learns from structures with forces instead, which simulations made: docs/forces.md.

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
          denoise train --task forces --data train.xyz --validation test.xyz --dens 0.25,0.05,0.25,0.1 -o field.pt
          denoise train --task minima --data hot.xyz --iterated 0.5 -o quench.pt
          denoise train --maps fcc='Al-*.dump' bcc='Fe-*.dump' none=melt.dump -o maps.pt
          denoise train --structures perovskite.cif --missing 0.02 -o perovskite.pt
        """;

    private static readonly TrainingSettings Defaults = new();

    private static readonly Perturbation Disturbed = new();

    private static readonly ForceSettings FromForces = new();

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
        Option<string> task = new("--task")
        {
            HelpName = "TASK",
            Description = "Instead of denoising of ideal crystals: 'forces', to predict energies and forces, or 'minima', to move the atoms " +
                "of hot structures into the nearest minimum of the energy, told their forces.",
        };
        task.AcceptOnlyFromAmong("forces", "minima");
        Option<string[]> data = new("--data")
        {
            HelpName = "FILE ...",
            Description = "With --task: structures to learn from, extended XYZ with ASE's energy (eV) and forces (eV/Å), and for minima " +
                "the positions of the minimum as the property minimum (Å). FILE may be a pattern.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> heldOut = new("--validation")
        {
            HelpName = "FILE ...",
            Description = "With --task: structures that are not learned from, on which errors are reported.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<DenoisingTask?> dens = new("--dens")
        {
            HelpName = "P,SIGMA,R,L",
            Description = "With --task forces: denoising beside (DeNS): of a part P of the samples a part R of the atoms are moved by SIGMA " +
                "Å, and their noise is predicted from their forces with the weight L, which falls to 0; such as 0.25,0.05,0.25,0.1.",
            CustomParser = OptionParsers.Dens,
        };
        Option<double> energyWeight = Number("--energy-weight", "W", "With --task forces: of the error of the energy per atom beside that of " +
            "the forces, both in units of their spread.", FromForces.EnergyWeight);
        Option<double> told = Create("--told", "F", "With --task minima: part of the samples whose forces are told; with 0 the network " +
            "cannot be told any.", FromForces.Told, OptionParsers.Part);
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
            output, prototypes, structures, task, data, heldOut, dens, energyWeight, told, maps, epochs, perFrame, speciesWeights,
            volume, spacing, bond, stacks, decoys, roles, start,
            hidden, layers, cutoff, bessel, radial, steps,
            batch, atoms, rate, warmUp, clip,
            noise, noiseExponent, volumeStrain, shearStrain, rigid, missing, relaxed, molten, unlike, open, iterated, classes, classWeight,
            score, scoreScale, seed, interval, threads, resume, force,
        };
        ForceSettings? Forces(ParseResult parsed)
        {
            if (parsed.GetValue(task) is not { } name)
                return parsed.GetResult(dens) is null
                    ? null
                    : throw new InputException("--dens is for trainings from structures with forces; add --task forces.");
            bool isMinima = name == "minima";
            if (isMinima && parsed.GetResult(dens) is not null)
                throw new InputException("--dens is for --task forces; --task minima learns from minima that are known.");
            return new()
            {
                Task = isMinima ? ForceTask.Minima : ForceTask.Forces,
                Denoising = parsed.GetValue(dens),
                EnergyWeight = parsed.GetValue(energyWeight),
                Told = parsed.GetValue(told),
            };
        }

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
            Data = parsed.GetValue(data) ?? [],
            HeldOut = parsed.GetValue(heldOut) ?? [],
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
                Forces = Forces(parsed),
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
