using System.CommandLine;
using Denoise.Cli.Analysis;

namespace Denoise.Cli.CommandLine;

/// <summary>The network and how it is used.</summary>
internal sealed class DenoisingOptions
{
    private readonly Option<string> _model;

    private readonly Option<int> _steps = new("--steps")
    {
        HelpName = "S",
        Description = $"Most denoising iterations [default: {InSitu.SessionOptions.DefaultMaxIterations}].",
        CustomParser = OptionParsers.PositiveInteger,
    };

    private readonly Option<double> _tolerance = new("--tol")
    {
        HelpName = "D",
        Description = "Stop when the largest predicted displacement is below D Å, in the model's lengths; negative: never "
            + $"[default: {InSitu.SessionOptions.DefaultTolerance}].",
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
        HelpName = "acna|cna:RC|none",
        Description = "How structures are identified: adaptive common neighbor analysis, the same with a fixed cutoff RC, "
            + "or not at all [default: acna].",
        CustomParser = OptionParsers.MethodOrNone,
    };

    private readonly ModelOptions _modelOptions = new();

    public DenoisingOptions(bool isRequired) => _model = new("--model", "-m")
    {
        HelpName = "FILE",
        Description = "The score network, a PyTorch checkpoint (.pt); 'denoise info FILE' shows what it holds."
            + (isRequired ? "" : " Without one atoms stay where they are."),
        Required = isRequired,
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_model, _steps, _tolerance, _scale, _elements, _classify])
            command.Add(option);
    }

    /// <summary>Those that few need, at the end of the help.</summary>
    public void AddRestTo(Command command) => _modelOptions.AddTo(command);

    public StructureMethod Method(ParseResult parsed) => parsed.GetValue(_classify) ?? StructureMethod.Adaptive;

    public AnalysisOptions Of(ParseResult parsed, AnalysisOptions options) => options with
    {
        Model = parsed.GetValue(_model),
        ModelOptions = _modelOptions.Of(parsed),
        MaxIterations = parsed.GetResult(_steps) is null ? options.MaxIterations : parsed.GetValue(_steps),
        Tolerance = parsed.GetResult(_tolerance) is null ? options.Tolerance : parsed.GetValue(_tolerance),
        Scale = parsed.GetValue(_scale),
        Elements = parsed.GetValue(_elements) ?? [],
    };
}
