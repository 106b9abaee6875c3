namespace Denoise.Cli.Input;

/// <summary>Something that the user should know, once.</summary>
/// <param name="Key">equal for what is the same, whoever finds it first</param>
/// <param name="Text">a sentence</param>
internal readonly record struct Warning(string Key, string Text);
