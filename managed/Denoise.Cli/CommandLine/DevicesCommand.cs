using System.CommandLine;
using System.Globalization;
using Denoise.Cli.Output;
using Denoise.Devices;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise devices</c></summary>
internal static class DevicesCommand
{
    private const string Description = """
        Lists the graphics cards and other devices that this machine's drivers show, and whether the kernels run on them.

        NVIDIA cards are seen through their driver, as CUDA_VISIBLE_DEVICES leaves them; all others through OpenCL.
        """;

    private const string Examples = """
        Examples:
          denoise devices
        """;

    public static Command Create()
    {
        Command command = new("devices", Description);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        TextWriter output = StandardStreams.CreateOutput();
        DeviceList list = DeviceList.Find();
        foreach (DeviceInfo device in list.Devices)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{device.Id,-10}  {device.Name}, {device.MemoryBytes / 1e9:f1} GB, {Standard(device)}  {device.Problem ?? "usable"}"));
        foreach (string problem in list.Problems)
            output.WriteLine($"{"none",-10}  {problem}");
        output.Flush();
        return ExitCode.Success;
    }

    private static string Standard(DeviceInfo device) =>
        device.Kind == DeviceKind.Cuda ? $"compute capability {device.Version}:" : $"OpenCL {device.Version}:";
}
