using System.CommandLine;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Cli.Output;
using Denoise.Cli.Training;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Training.Forces;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise evaluate MODEL DATA.xyz</c></summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Compares what a model says of structures with what is known of them: energies and forces with those in extended XYZ as ASE
        writes it, or, of a model that moves atoms into minima, where they come to lie with the property minimum.
        """;

    private const string Examples = """
        Examples:
          denoise evaluate field.pt test.xyz
          denoise evaluate field.pt test.xyz --json
          denoise evaluate quench.pt hot.xyz --without-forces
        """;

    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "A model with the heads energy and forces, or with displacements." };
        Argument<string[]> data = new("DATA")
        {
            Description = "Structures with what is known of them, extended XYZ; patterns are expanded.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> without = new("--without-forces") { Description = "Do not tell a model the forces that it could be told." };
        Option<bool> json = SharedOptions.Json();
        json.Description = "Print JSON instead of text.";
        Option<int> threads = SharedOptions.Threads();
        Command command = new("evaluate", Description) { model, data, without, json, threads };
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), !parsed.GetValue(without),
            parsed.GetValue(json), parsed.GetResult(threads) is null ? Environment.ProcessorCount : parsed.GetValue(threads)));
        return command;
    }

    private static int Run(string path, string[] data, bool tellForces, bool json, int threads)
    {
        NequipModel model = Checkpoint.LoadModel(path);
        bool hasForces = model.IndexOfHead(Head.Forces) >= 0;
        if (!hasForces && model.IndexOfHead(Head.Displacement) < 0)
            throw new InputException($"{path}: predicts '{model.Output}', neither forces nor displacements, so there is nothing to compare.");
        IReadOnlyList<string>? elements = model.Config.Species.Count > 0 ? model.Config.Species : model.SpeciesCount == 1 ? [] : null;
        if (elements is null)
            throw new InputException($"{path}: does not say which elements its {model.SpeciesCount} species are, so structures cannot be " +
                "matched with them.");
        List<ForceFrame> frames = ForceSource.Load(data, needsMinimum: !hasForces, needsForces: hasForces, ref elements);
        using var pool = new WorkerPool(threads);
        using IEngine engine = EngineFactory.Create(model, pool);
        using var evaluator = new ForceEvaluator(pool);
        ForceErrors errors = evaluator.Evaluate(engine, frames, tellForces);
        var report = new EvaluationReport(path, model, frames, errors);
        TextWriter output = StandardStreams.CreateOutput();
        foreach (string line in json ? [report.ToJson()] : report.Lines())
            output.WriteLine(line);
        output.Flush();
        return ExitCode.Success;
    }
}
