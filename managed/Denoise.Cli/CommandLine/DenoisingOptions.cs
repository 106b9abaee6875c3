using System.CommandLine;
using System.CommandLine.Parsing;
using Denoise.Cli.Analysis;
using Denoise.Devices;
using Denoise.InSitu;

namespace Denoise.Cli.CommandLine;

/// <summary>The network and how it is used.</summary>
internal sealed class DenoisingOptions
{
    private readonly Option<string> _model;

    private readonly Option<int> _steps = new("--steps")
    {
        HelpName = "S",
        Description = "Most denoising iterations; 0: atoms stay where they are, and the model only names them "
            + $"[default: {InSitu.SessionOptions.DefaultMaxIterations}].",
        CustomParser = OptionParsers.WholeNumber,
    };

    private readonly Option<double> _tolerance = new("--tol")
    {
        HelpName = "D",
        Description = "An atom rests when it and its neighbors move by less than D Å, in the model's lengths, and iterations end when all "
            + $"do; 0: none rests [default: 1.2% of the atoms' spacing; {InSitu.SessionOptions.FineTolerance} for models that "
            + "name atoms or know several species].",
        CustomParser = OptionParsers.Distance,
    };

    private readonly Option<double> _scale = new("--scale")
    {
        HelpName = "auto|F",
        Description = "Factor on lengths before the model sees them; auto finds it from the structure [default: auto].",
        CustomParser = OptionParsers.Scale,
    };

    private readonly Option<string[]> _elements = new("--elements")
    {
        HelpName = "E1 E2 ...",
        Description = "Chemical symbol of atom type 1, 2, ..., where the file does not say; NULL: atoms of this type are not seen. "
            + "A model of one species takes any element.",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = OptionParsers.Elements,
    };

    private readonly Option<StructureMethod> _classify = new("--classify")
    {
        HelpName = "acna|cna:RC|map:FILE|model|references|none",
        Description = "How structures are identified: adaptive common neighbor analysis, the same with a fixed cutoff RC, by images of "
            + "neighborhoods (see 'train --maps'), by the model, by the ideal structures that it holds, or not at all [default: references "
            + "or model where it has such, else acna].",
        CustomParser = OptionParsers.MethodOrNone,
    };

    private readonly ModelOptions _modelOptions = new();
    private readonly bool _moves;

    /// <param name="isRequired">whether there must be a network</param>
    /// <param name="moves">whether it moves atoms; else it only names them</param>
    public DenoisingOptions(bool isRequired, bool moves = true)
    {
        _moves = moves;
        string without = moves ? " Without one atoms stay where they are." : " Atoms are named by it where they are.";
        _model = new("--model", "-m")
        {
            HelpName = "FILE",
            Description = "The score network, a PyTorch checkpoint (.pt); 'denoise info FILE' shows what it holds."
                + (isRequired ? "" : without),
            Required = isRequired,
        };
    }

    public Option<string> Model => _model;

    public void AddTo(Command command)
    {
        Option[] options = _moves ? [_model, _steps, _tolerance, _scale, _elements, _classify] : [_model, _scale, _elements];
        foreach (Option option in options)
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_elements) is not null
                && result.Children.OfType<OptionResult>().Any(child => child.Option.Name == "--sites"))
                result.AddError("--sites says what the atoms are, so that there is nothing left for --elements: give one of them.");
        });
    }

    /// <summary>Those that few need, at the end of the help.</summary>
    public void AddRestTo(Command command)
    {
        command.Add(_modelOptions.Engine);
        command.Add(_modelOptions.Device);
        _modelOptions.AddTo(command);
    }

    public StructureMethod Method(ParseResult parsed) => parsed.GetValue(_classify) ?? StructureMethod.Automatic;

    public AnalysisOptions Of(ParseResult parsed, AnalysisOptions options)
    {
        EngineText.TryParse(parsed.GetValue(_modelOptions.Engine), out EngineKind engine, out string device);
        return With(parsed, options) with
        {
            Engine = engine,
            TorchDevice = device,
            Device = parsed.GetValue(_modelOptions.Device) ?? DeviceChoice.Processor,
        };
    }

    private AnalysisOptions With(ParseResult parsed, AnalysisOptions options) => options with
    {
        Model = parsed.GetValue(_model),
        ModelOptions = _modelOptions.Of(parsed),
        MaxIterations = !_moves ? 0 : parsed.GetResult(_steps) is null ? options.MaxIterations : parsed.GetValue(_steps),
        Tolerance = parsed.GetResult(_tolerance) is null ? options.Tolerance
            : parsed.GetValue(_tolerance) is > 0 and double given ? given : -1,
        Scale = parsed.GetValue(_scale),
        Elements = options.Sites.Count > 0 ? SitePattern.Kinds(options.Sites) : parsed.GetValue(_elements) ?? [],
    };
}
