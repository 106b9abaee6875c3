namespace Denoise.Cli.Analysis;

/// <summary>Another process failed in a way that nobody foresaw; the message is the sentence for the user.</summary>
internal sealed class RankFailedException(string sentence) : IOException(sentence);
