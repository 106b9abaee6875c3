using System.Text;
using Denoise.Atoms.Files;

namespace Denoise.Cli.Output;

/// <summary>Standard output and error.</summary>
internal static class StandardStreams
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Flushed after every write.</summary>
    public static TextWriter Error { get; } = new StreamWriter(new DescriptorStream(2, "standard error"), Utf8) { AutoFlush = true };

    public static Stream OpenOutput() => new DescriptorStream(1, "standard output");

    /// <summary>To be flushed or disposed by the caller.</summary>
    public static TextWriter CreateOutput() => new StreamWriter(OpenOutput(), Utf8);
}
