using System.Globalization;
using Denoise.Fuzz.Running;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return args switch
    {
        [Worker.Command, .. var rest] => Worker.Run(WorkerOrder.Parse(rest)),
        ["replay", var target, var file] => Replay.Run(target, file),
        ["minimize", var target, var file] => Minimizer.Run(target, file),
        ["--help" or "-h" or "help", ..] => FuzzOptions.ShowHelp(),
        _ => new Supervisor(FuzzOptions.Parse(args)).Run(),
    };
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
