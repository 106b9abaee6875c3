using Denoise.Atoms;
using Denoise.InSitu.Denoising;
using Denoise.InSitu.Frames;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Structure.Soap;

namespace Denoise.InSitu;

/// <summary>Options that have been checked, with the model they name.</summary>
internal sealed class SessionSettings
{
    /// <summary>Between lengths that mean anything: a meter is 1e10 Å.</summary>
    private const double LargestFactor = 1e15;

    /// <exception cref="SessionException">an option is wrong, or the checkpoint cannot be read; it is named</exception>
    public SessionSettings(SessionOptions options)
    {
        Options = options;
        Require(options.MaxIterations >= 0, $"max_iterations: is {options.MaxIterations}, must be at least 0.");
        Require(options.Threads is >= 1 and <= 4096, $"threads: is {options.Threads}, must be 1 to 4096.");
        Require(double.IsFinite(options.Tolerance), $"tolerance: is {options.Tolerance}.");
        Require(options.Scale == 0 || options.Scale is >= 1 / LargestFactor and <= LargestFactor,
            $"scale: is {options.Scale}; it is a factor from {1 / LargestFactor:g0} to {LargestFactor:g0}, or 0: found from the " +
            "structure.");
        Require(options.LengthUnit is >= 1 / LargestFactor and <= LargestFactor,
            $"length_unit: is {options.LengthUnit}; it is the number of Å in one length of the host, {1 / LargestFactor:g0} to " +
            $"{LargestFactor:g0}.");
        Require(options.MemoryLimit >= 0, $"memory_limit: is {options.MemoryLimit}; it is a number of bytes, or 0: what the machine has.");
        Require(Enum.IsDefined(options.Classification),
            $"classify: {(int)options.Classification} is unknown; 0 is adaptive CNA, 1 CNA, 2 none, 3 the model, 4 what fits the model, 5 " +
            "an analysis, 6 the model's references.");
        Require(options.Classification != Classification.CommonNeighbors
            || options.CnaCutoff * options.LengthUnit is > 0 and <= FrameCheck.FarthestPosition,
            $"cna_cutoff: is {options.CnaCutoff}; CNA needs a cutoff between the first and the second shell of neighbors.");
        Require(options is not { Model: not null, ModelPath: not null }, "a model and a model_path are both given.");
        Model = options.Model ?? (options.ModelPath is { } path ? Load(path, options.Engine) : null);
        Require(Model is null || Model is TorchScriptModel == (options.Engine == EngineKind.Torch),
            $"engine: {Model?.Origin} and the engine '{EngineText.Of(options.Engine)}' do not go together.");
        Require(options.Engine == EngineKind.Simd || options.Device.Kind is null, $"device: the engine '{EngineText.Of(options.Engine)}' " +
            $"and the device '{options.Device}' do not go together; " +
            (options.Engine == EngineKind.Torch ? "on a card that engine is 'torch:cuda'." : "that engine is for the processor."));
        bool denoises = Model is not null && (Model.IsConservative || Model.IndexOfHead(Head.Displacement) >= 0);
        Moves = denoises && options.MaxIterations > 0;
        Classes = ClassesOf(Model);
        Require(Model is null || denoises || Classes is not null,
            $"model_path: {Model?.Origin} predicts '{Model?.OutputText}', neither a displacement nor classes of atoms.");
        Require(options.Classification != Classification.Model || Classes is not null, Model is null
            ? "classify: structures by the model need a model."
            : $"classify: {Model.Origin} does not name atoms, it has no logits; 'denoise train --classes' makes models that do, and " +
                "adaptive CNA (acna) needs none.");
        References = Model is NequipModel { Config.References: { Length: > 0 } text } ? ReadReferences(text, Model.Origin) : null;
        Require(options.Classification != Classification.References || References is not null, Model is null
            ? "classify: structures by references need a model that holds some."
            : $"classify: {Model.Origin} holds no references; 'denoise reference --model' puts some into it.");
        Classification = options.Classification != Classification.Automatic ? options.Classification
            : References is not null ? Classification.References
            : Classes is null ? Classification.AdaptiveCommonNeighbors : Classification.Model;
        Structures = Classification == Classification.Model ? StructureTable.OfClasses(Classes!)
            : Classification == Classification.References ? StructureTable.OfClasses(References!.Classes)
            : StructureTable.OfCommonNeighbors;
        Species = new(options, Model);
        Tolerance = options.Tolerance != 0 ? options.Tolerance
            : Model is { SpeciesCount: 1 } && Classification != Classification.Model ? new ModelLimits(Model).Arrived
            : SessionOptions.FineTolerance;
    }

    public SessionOptions Options { get; }

    public IModel? Model { get; }

    public SpeciesMap Species { get; }

    /// <summary>Whether the model moves atoms; else it is evaluated once, for what it names.</summary>
    public bool Moves { get; }

    /// <summary>
    /// By less than this, model Å, an atom is moved when it has arrived; negative: all are moved in every iteration. By default such that
    /// no structure named by common neighbors depends on it, and a fine one for models that name, or that know several species.
    /// </summary>
    public double Tolerance { get; }

    /// <summary>Never <see cref="Classification.Automatic"/>.</summary>
    public Classification Classification { get; }

    /// <summary>That atoms may be named, where no analysis does; the first is "other".</summary>
    public IReadOnlyList<NamedStructure> Structures { get; }

    /// <summary>Names of the model's logits, numbers where it does not name them; null: it has none.</summary>
    public IReadOnlyList<string>? Classes { get; }

    /// <summary>Ideal structures that the model holds; null: none.</summary>
    public ReferenceSet? References { get; }

    /// <summary>
    /// Whether the length scale is sought in every frame. Models that do not know their own density take lengths as they are.
    /// </summary>
    public bool FindsScale => Model is { ScaleLength: > 0 } && Options.Scale == 0;

    /// <summary>What must be equal on all ranks, by name, as numbers.</summary>
    public (string Name, double Value)[] Fingerprint(Denoiser? denoiser) =>
    [
        ("max_iterations", Options.MaxIterations), ("tolerance", Tolerance), ("scale", Options.Scale),
        ("classify", (double)Classification), ("cna_cutoff", Options.CnaCutoff), ("length_unit", Options.LengthUnit),
        ("engine", ModelDigest.Fold($"{Options.Engine} {Options.TorchDevice}")), ("device", ModelDigest.Fold(Options.Device.Text)),
        ("species or elements", Species.Digest),
        ("model", Model is null ? 0 : ModelDigest.Of(Model)),
        ("fixed order", Options.HasFixedOrder ? 1 : 0),
        ("analyses", ModelDigest.Fold(string.Join(' ', Options.Analyses))),
        ("halo widths", denoiser?.SingleHaloWidth ?? 0), ("halo widths", denoiser?.DoubleHaloWidth ?? 0),
    ];

    private static IReadOnlyList<string>? ClassesOf(IModel? model)
    {
        if (model is null || model.IndexOfHead(Head.Logits) is not (int at and >= 0))
            return null;
        Head head = model.Heads[at];
        return head.Classes.Count > 0 ? head.Classes : [.. Enumerable.Range(1, head.Dimension).Select(c => $"{c}")];
    }

    private static ReferenceSet ReadReferences(string text, string source)
    {
        try
        {
            return ReferenceSet.Parse(text, source);
        }
        catch (InputException failure)
        {
            throw new SessionException(SessionError.Format, failure.Message, failure);
        }
    }

    private static IModel Load(string path, EngineKind engine)
    {
        try
        {
            // Opening is told apart from reading: the one is the file system's matter, the other the file's.
            using (File.OpenRead(path))
            {
            }

            return engine == EngineKind.Torch ? TorchScriptFile.Load(path) : Checkpoint.LoadModel(path);
        }
        catch (InputException failure)
        {
            throw new SessionException(SessionError.Format, failure.Message, failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SessionException(SessionError.InputOutput, $"model_path: '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new SessionException(SessionError.Argument, "options: " + otherwise);
    }
}
