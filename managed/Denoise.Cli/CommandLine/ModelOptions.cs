using System.CommandLine;
using Denoise.Devices;
using Denoise.Networks.Checkpoints;

namespace Denoise.Cli.CommandLine;

/// <summary>What a checkpoint may leave unsaid: a bare state dict does not hold its cutoff.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _config = new("--config")
    {
        HelpName = "JSON",
        Description = "Configuration of a model that does not hold its own [default: FILE.json beside it, if there is one].",
    };

    private readonly Option<double> _cutoff = new("--cutoff")
    {
        HelpName = "RC",
        Description = "Cutoff of the model's graph in its own Å, where the checkpoint does not say it.",
        CustomParser = OptionParsers.PositiveNumber,
    };

    private readonly Option<double> _neighbors = new("--neighbors")
    {
        HelpName = "Z",
        Description = "Mean number of neighbors that the model was trained with, where the checkpoint does not say it.",
        CustomParser = OptionParsers.PositiveNumber,
    };

    private readonly Option<string> _engine = new("--engine")
    {
        HelpName = "ENGINE",
        Description = "What evaluates the model: auto; reference, in double precision, for checks; torch, for TorchScript programs, which "
            + "run code that is in the file; torch:cuda or torch:cuda:N on a graphics card [default: auto].",
        CustomParser = OptionParsers.Engine,
    };

    private readonly Option<DeviceChoice> _device = new("--device")
    {
        HelpName = "DEVICE",
        Description = "What engine auto computes on: cpu; gpu or gpu:N, an NVIDIA card; opencl or opencl:N, another one; auto, a graphics "
            + "card where one can be used, else the processor. 'denoise devices' lists them; without N processes take them in turn "
            + "[default: cpu].",
        CustomParser = OptionParsers.Device,
    };

    public Option<string> Engine => _engine;

    public Option<DeviceChoice> Device => _device;

    public void AddTo(Command command)
    {
        command.Add(_config);
        command.Add(_cutoff);
        command.Add(_neighbors);
    }

    public CheckpointOptions Of(ParseResult parsed) => new()
    {
        ConfigPath = parsed.GetValue(_config),
        Cutoff = parsed.GetResult(_cutoff) is null ? null : parsed.GetValue(_cutoff),
        NeighborCount = parsed.GetResult(_neighbors) is null ? null : parsed.GetValue(_neighbors),
    };
}
