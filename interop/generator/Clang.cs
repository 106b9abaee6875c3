using System.Diagnostics;
using System.Text.Json;

namespace Denoise.Bindings;

/// <summary>Runs clang's front end; nothing is compiled.</summary>
public sealed class Clang(string program)
{
    /// <summary>The macros that a header leaves defined, one <c>#define NAME BODY</c> per line.</summary>
    public string Macros(string source) => Run(source, "-E", "-dM");

    /// <summary>The syntax tree of a C11 source.</summary>
    public JsonDocument SyntaxTree(string source) =>
        JsonDocument.Parse(Run(source, "-Xclang", "-ast-dump=json", "-fsyntax-only"), new JsonDocumentOptions { MaxDepth = 1024 });

    private string Run(string source, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-x", "c", "-std=c11", .. arguments, "-"])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(source);
        process.StandardInput.Close();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{errors.Result}");
        return output.Result;
    }
}
