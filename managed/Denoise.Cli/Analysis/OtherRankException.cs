namespace Denoise.Cli.Analysis;

/// <summary>Another process failed and says why; this one only has to end.</summary>
internal sealed class OtherRankException() : Exception("another rank failed");
