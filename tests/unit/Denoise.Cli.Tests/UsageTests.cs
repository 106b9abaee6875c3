using Denoise.Cli.CommandLine;

namespace Denoise.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("apply a.dump -m m.pt --tol -1")]
    [InlineData("apply a.dump --model=m.pt --steps 3 --scale auto --elements Cu NULL --classify cna:3.1 -o x.dump --json -t 4")]
    [InlineData("apply @a.dump --model m.pt")]
    [InlineData("classify a.dump --method acna")]
    [InlineData("classify a.dump -o - --force")]
    [InlineData("info a.pt --json")]
    [InlineData("train --prototypes fcc,bcc -o m.pt --steps 100 --missing 0 --molten 0.1")]
    [InlineData("train --structures a.cif b.cif -o m.pt --resume -t 2")]
    [InlineData("bench -t 2 --json")]
    public void Right(string line) => Assert.Empty(DenoiseCommand.Parse(line.Split(' ')).Errors);

    [Theory]
    [InlineData("apply a.dump -m m.pt --tol", "--tol")]
    [InlineData("apply a.dump -m m.pt --scale 0", "--scale: '0' is not auto or a factor above 0")]
    [InlineData("classify a.dump --method cna:", "--method: 'cna:' is not acna or cna:RC")]
    [InlineData("classify a.dump --method acna --json=maybe", "maybe")]
    [InlineData("classify a.dump --method acna --json=maybe -o -", "maybe")]
    [InlineData("classify a.dump --method acna --json -o -", "--json and --output would both write to standard output")]
    [InlineData("classify a.dump --method acna --json -o a.xyz -o b.xyz", "'-o' expects a single argument")]
    [InlineData("classify a.dump --method acna --json --output=", "missing for option: '--output'")]
    [InlineData("aply a.dump", "'aply' is not a command; the commands are apply, classify, info, devices, train, bench.")]
    [InlineData("apply a.dump --model m.pt --step 3", "'--step' is not an option of 'apply'.")]
    [InlineData("train --prototypes fcc", "--output")]
    [InlineData("apply a.dump -m m.pt --steps 99999999999", "--steps: '99999999999' is too large; the largest is 2147483647.")]
    [InlineData("apply a.dump -m m.pt --threads 5000", "--threads: '5000' is too large; the largest is 4096.")]
    [InlineData("train --prototypes fcc -o m.pt --steps 0", "--steps: '0' is not a whole number from 1")]
    [InlineData("train --prototypes fcc -o m.pt --missing 1", "--missing: '1' is not a part such as 0.05")]
    [InlineData("info a b", "'b' is one word too many: 'info' takes one file.")]
    public void Wrong(string line, string expected)
    {
        var parsed = DenoiseCommand.Parse(line.Split(' '));
        Assert.NotEmpty(parsed.Errors);
        Assert.Contains(expected, Sentences.OfUsage(parsed));
    }
}
