using System.CommandLine;
using System.Text;
using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Fuzz.Mutation;
using Denoise.Networks.Equivariance;

namespace Denoise.Fuzz.Targets;

/// <summary>A command line, one argument per line: options, methods, element names; or, in the second of two lines, irreps.</summary>
internal sealed class OptionsTarget : Target
{
    public override string Name => "options";

    public override IMutator Mutator { get; } = new TextMutator(
        "apply", "classify", "info", "train", "bench", "--model", "-m", "--steps", "--tol", "--scale", "auto", "--elements", "--classify",
        "--method", "acna", "none", "cna:3.08", "cna:", "cna:-1", "--threads", "-o", "--output", "--json", "--config", "--cutoff",
        "--neighbors", "--prototypes", "fcc,bcc,hcp", "fcc", "--structures", "--noise", "--missing", "--molten", "--iterated", "--strain",
        "--resume", "--force", "--memory", "4G", "--help", "--version", "-h", "--", "-", "@file", "a.dump", "b.pt", "Cu", "Si", "NULL", ",",
        "irreps", "=", "\n", "\n\n", "8x0e+8x1e+4x2e", "1x1o");

    public override void Execute(ReadOnlySpan<byte> input)
    {
        string[] arguments = Encoding.UTF8.GetString(input).Split('\n');
        foreach (string argument in arguments)
            if (ElementTable.SymbolFromLabel(argument) is { } symbol)
                BrokenPromise.Unless(ElementTable.AtomicNumber(symbol) > 0, $"'{argument}' is {symbol}, which is no element");

        if (arguments is ["irreps", var text])
        {
            _ = Irreps.Parse(text);
            return;
        }

        ParseResult parsed = DenoiseCommand.Parse(arguments);
        if (parsed.Errors.Count > 0)
            throw new InputException(Sentences.OfUsage(parsed));
    }
}
