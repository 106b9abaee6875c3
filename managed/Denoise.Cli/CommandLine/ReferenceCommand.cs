using System.CommandLine;
using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.Atoms.Files;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Cli.Training;
using Denoise.Networks.Checkpoints;
using Denoise.Structure.Soap;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise reference --structures Ih.cif,Ic.cif -o ice.ref</c></summary>
internal static class ReferenceCommand
{
    private const string Description = """
        Describes the atoms of ideal structures, so that denoised atoms can be named by the nearest of them: SOAP power spectra as unit
        vectors, standardized, projected on principal components, and a threshold beyond which an atom is none of these.

        The file is for 'denoise analyze --with reference:OUT', 'fix denoise ... classify reference OUT'; with --model the references
        go into a copy of a model instead, which then names what it has denoised.
        """;

    private const string Examples = """
        Examples:
          denoise reference --structures ice-Ih,ice-Ic,ice-II,ice-III,ice-VI,ice-VII,sI --elements O -o ice.ref
          denoise reference --structures alpha-quartz,beta-quartz --elements Si --model SiO2.pt -o named.pt
          denoise reference --structures alpha-quartz,beta-quartz,alpha-cristobalite,beta-cristobalite --elements Si -o silica.ref
        """;

    public static Command Create()
    {
        Option<string> output = new("--output", "-o") { HelpName = "OUT", Description = "The file to write.", Required = true };
        output.CustomParser = OptionParsers.FileName;
        Option<string[]> structures = new("--structures")
        {
            HelpName = "A,B,...",
            Description = "Prototypes of 'denoise train' by name, and files, whose names are theirs.",
            CustomParser = OptionParsers.Names,
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> elements = new("--elements")
        {
            HelpName = "E1,E2,...",
            Description = "Elements that are described, each as a density of its own; atoms of the first are named, others not seen.",
            CustomParser = OptionParsers.Sites,
            Required = true,
        };
        Option<string> model = new("--model", "-m")
        {
            HelpName = "FILE",
            Description = "A model that gets the references; OUT is its copy.",
        };
        Option<int> radial = new("--n-max")
        { HelpName = "N", Description = "Radial functions [default: 8].", CustomParser = OptionParsers.PositiveInteger };
        Option<int> degree = new("--l-max")
        { HelpName = "L", Description = "Largest degree [default: 6].", CustomParser = OptionParsers.WholeNumber };
        Option<double> cutoff = new("--cutoff")
        { HelpName = "R", Description = "r_cut of the descriptor in Å [default: 5].", CustomParser = OptionParsers.PositiveNumber };
        Option<double> sigma = new("--sigma")
        { HelpName = "S", Description = "Of the atoms' Gaussians in Å [default: 0.5].", CustomParser = OptionParsers.PositiveNumber };
        Option<double> threshold = new("--threshold")
        { HelpName = "D", Description = "Distance of none of these [default: by rule].", CustomParser = OptionParsers.PositiveNumber };
        Option<string[]> gap = new("--gap")
        {
            HelpName = "FILE",
            Description = "Take the threshold from the gap of the distances in frames, denoised, of these structures and of others, which "
                + "'denoise analyze --with reference:FILE -o' wrote; may be repeated.",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> force = new("--force") { Description = "Let OUT replace another file." };
        Command command = new("reference", Description)
        {
            output, structures, elements, model, radial, degree, cutoff, sigma, threshold, gap, force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(threshold) is not null && result.GetResult(gap) is not null)
                result.AddError("--threshold says what --gap would find: give one of them.");
        });
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed =>
        {
            IReadOnlyList<string> described = parsed.GetRequiredValue(elements);
            SoapSettings soap = new SoapSettings(parsed.GetResult(radial) is null ? 8 : parsed.GetValue(radial),
                parsed.GetResult(degree) is null ? 6 : parsed.GetValue(degree),
                parsed.GetResult(cutoff) is null ? 5 : parsed.GetValue(cutoff),
                parsed.GetResult(sigma) is null ? 0.5 : parsed.GetValue(sigma), described.Count).Checked("reference");
            return Run(parsed.GetRequiredValue(structures), described, soap,
                parsed.GetResult(threshold) is null ? 0 : parsed.GetValue(threshold), parsed.GetValue(gap) ?? [],
                parsed.GetValue(model), parsed.GetRequiredValue(output), parsed.GetValue(force));
        });
        return command;
    }

    private static int Run(string[] structures, IReadOnlyList<string> elements, SoapSettings soap, double threshold, string[] gap,
        string? model, string path, bool force)
    {
        string[] inputs = [.. structures.Where(File.Exists), .. InputFiles.Expand(gap), .. model is null ? (string[])[] : [model]];
        if (OutputRules.Existing(path, inputs) is not null && !force)
            throw new InputException($"{path}: exists already; choose another name, or replace it with --force.");
        // Before the work: a wrong model is told at once.
        Checkpoint? checkpoint = model is null ? null : Checkpoint.Load(model);
        if (gap.Length > 0)
            threshold = DistanceSource.Threshold(gap);
        ReferenceSet set = ReferenceBuilder.Build(
            [.. structures.Select(name => ReferenceSource.Read(name, elements))], elements, soap, threshold);
        if (checkpoint is not null)
        {
            CheckpointWriter.Save(path, checkpoint.Tensors, checkpoint.Config with { References = set.ToText() }, checkpoint.Metadata);
        }
        else
        {
            using UnfinishedFile file = new(path);
            file.Stream.Write(Encoding.UTF8.GetBytes(set.ToText()));
            file.Complete();
        }

        using TextWriter told = StandardStreams.CreateOutput();
        told.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {set.NameOf.Length} references of {set.Names.Count} structures, {soap.Length} numbers projected on {set.Components}, "
            + $"reach {soap.Reach:F2} Å, threshold {set.Threshold:F3}"));
        return ExitCode.Success;
    }
}
