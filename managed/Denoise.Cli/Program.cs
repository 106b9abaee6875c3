using Denoise.Cli.CommandLine;

return DenoiseCommand.Run(args);
