using Denoise.Cli;
using Denoise.Cli.CommandLine;

WideVectors.SwitchIfBetter(args);
return DenoiseCommand.Run(args);
